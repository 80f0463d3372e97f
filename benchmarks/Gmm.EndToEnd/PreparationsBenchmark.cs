using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Simulation;

namespace Gmm.EndToEnd;

/// <summary>Images as people have them: pose errors after two iterations from the same set prepared in different ways.</summary>
internal static class PreparationsBenchmark
{
    private const double Degrees = 3.03;

    public static void Run(string model, int count, int box, double pixelSize)
    {
        var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(model));
        var options = new SimulationOptions { ParticleCount = count, BoxSize = box, PixelSize = pixelSize, Snr = 0.3, DisturbDegrees = Degrees };
        var simulator = new ParticleSimulator(atoms, options, new ComputeOptions());
        var images = new float[count][];
        simulator.Render((i, pixels) => images[i] = pixels.ToArray());
        var start = PoseErrors.Compare(simulator.TrueParticles, [.. simulator.DisturbedParticles.Select(p => p.Pose)]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} images of {Path.GetFileName(model)}, box {box}, {pixelSize} A, "
            + $"SNR 0.3, {start.RotationMedian:F2} degrees off; two iterations; median pose error, degrees, and resolution, A"));
        Console.WriteLine();
        Console.WriteLine("| images | as they are | prepared |");
        Console.WriteLine("|---|---|---|");
        foreach (var set in Sets(simulator, images))
        {
            Console.WriteLine($"| {set.Name} | {Error(simulator, set, ImageOptions.AsTheyAre, false)} | {Error(simulator, set, new ImageOptions(), true)} |");
        }
    }

    private sealed record Set(string Name, IReadOnlyList<OpticsGroup> Groups, IReadOnlyList<Particle> Particles, float[][] Images, bool Invert = false);

    private static IEnumerable<Set> Sets(ParticleSimulator simulator, float[][] images)
    {
        var (n, count) = (simulator.Options.BoxSize, images.Length);
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        Set Of(string name, Func<float, int, int, float> pixel, bool invert = false) => new(
            name, simulator.OpticsGroups, simulator.DisturbedParticles, [.. images.Select((image, i) => image.Select((v, p) => pixel(v, i, p)).ToArray())],
            invert);
        Set All(string name, Func<float, int, float> pixel) => Of(name, (v, i, _) => pixel(v, i));
        yield return All("as normalised", (v, _) => v);
        foreach (var offset in new[] { 0.1f, 0.3f, 1, 2, 8 })
        {
            yield return All(string.Create(CultureInfo.InvariantCulture, $"+{offset} sd"), (v, _) => v + offset);
        }

        yield return All("raw counts, mean 20, sd 4", (v, _) => MathF.Max(0, MathF.Round((4 * v) + 20)));
        float[] scale = [.. images.Select(_ => (float)Math.Exp(1.2 * Normal()))];
        yield return All("scale e^N(0, 1.2) of each image", (v, i) => v * scale[i]);
        yield return All($"one of {count} thirty times as strong", (v, i) => i == count / 2 ? 30 * v : v);
        float[] angle = [.. images.Select(_ => (float)(2 * Math.PI * random.NextDouble()))];
        yield return Of(
            "a plane of 1 sd at the edge in each image",
            (v, i, p) => v + (2f / n * ((MathF.Cos(angle[i]) * ((p % n) - (n / 2))) + (MathF.Sin(angle[i]) * ((p / n) - (n / 2))))));
        bool Outside(int p) => Math.Pow((p % n) - (n / 2), 2) + Math.Pow((p / n) - (n / 2), 2) > 0.49 * 0.49 * n * n;
        yield return Of("corners masked to 0", (v, _, p) => Outside(p) ? 0 : v);
        yield return Of("+8 sd, then corners masked to 0", (v, _, p) => Outside(p) ? 0 : v + 8);
        yield return Of("one pixel of 1000 sd in one image of 20", (v, i, p) => i % 20 == 3 && p == (n * n / 3) + i ? 1000 : v);
        yield return All("one image in ten constant", (v, i) => i % 10 == 7 ? 3 : v);
        var groups = All("two optics groups, the second three times as strong", (v, i) => i % 4 < 2 ? v : 3 * v);
        yield return groups with
        {
            Groups = [simulator.OpticsGroups[0], simulator.OpticsGroups[0] with { Id = 2, Name = "second" }],
            Particles = [.. groups.Particles.Select((p, i) => p with { OpticsIndex = i % 4 < 2 ? 0 : 1 })],
        };
        yield return Of("inverted", (v, _, _) => -v);
        yield return Of("inverted, with --invert", (v, _, _) => -v, invert: true);
    }

    private static string Error(ParticleSimulator simulator, Set set, ImageOptions images, bool scales)
    {
        try
        {
            var source = new InMemoryParticles(set.Groups, set.Particles, [.. set.Images.Select(v => (ReadOnlyMemory<float>)v)]);
            var loop = new RefinementLoop(
                source,
                new RefinementOptions { Iterations = 2, Images = images with { Invert = set.Invert && images.Normalise }, EstimateScale = scales },
                new ComputeOptions());
            var state = loop.Start();
            var contrast = state.Images!.Contrast!;
            while (state.Iteration < 2)
            {
                state = loop.Next(state);
            }

            // Constant images keep the pose they had; they are not what is judged.
            int[] kept = [.. Enumerable.Range(0, set.Images.Length).Where(i => state.Particles[i].Status == PoseStatus.Refined)];
            var errors = PoseErrors.Compare([.. kept.Select(i => simulator.TrueParticles[i])], [.. kept.Select(i => state.Particles[i].Pose)]);
            return string.Create(CultureInfo.InvariantCulture, $"{errors.RotationMedian:F2}, {state.Resolution:F2} A ({contrast.ImagesZ:F0}, "
                + $"{contrast.MapSkewness:F1}, {state.Statistics!.ScaleSpread:F2}, {state.Statistics.Downweighted})");
        }
        catch (InvalidInputException e)
        {
            return "refused: " + e.Message;
        }
    }
}
