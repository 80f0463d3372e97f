using Gmm.Core;

namespace Gmm.GpuBenchmark;

/// <summary>Particles whose images lie in memory, a few images shown again and again: reading costs a copy, as of a stack that is in the page cache.</summary>
internal sealed class StreamedImages : IParticleSource
{
    private readonly float[][] _images;

    /// <summary>Simulates images of a model at random poses.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients that hold signal and noise.</param>
    /// <param name="particles">Number of particles.</param>
    /// <param name="distinct">Number of images that are different.</param>
    /// <param name="noise">Standard deviation of each part of a coefficient's noise, over the signal's root mean square.</param>
    public StreamedImages(GaussianModel model, FourierDisc disc, int particles, int distinct, double noise)
    {
        OpticsGroups = [new OpticsGroup { Id = 1, ImageSize = model.BoxSize, PixelSize = model.PixelSize }];
        var random = new SeededGenerator(7, 1, 0);
        var projector = new GriddingProjector(model, disc);
        var scratch = projector.CreateScratch();
        var transform = new DiscTransform(model.BoxSize, disc);
        var ctf = new CtfEvaluator(disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], transfer = new float[disc.Count], work = new float[transform.ScratchLength];
        _images = new float[distinct][];
        var shown = new (Pose Pose, CtfParameters Ctf)[distinct];
        for (var i = 0; i < distinct; i++)
        {
            var pose = new Pose(
                Rotation.FromQuaternion(random.Normal(), random.Normal(), random.Normal(), random.Normal()), 2 * random.Normal(), 2 * random.Normal());
            shown[i] = (pose, new CtfParameters { DefocusU = 10000 + (2000 * random.Uniform()), DefocusV = 10000 });
            projector.Project(pose, re, im, scratch);
            ctf.FillTransfer(shown[i].Ctf, CtfState.Unmodified, transfer);
            var cube = (float)Math.Pow(model.PixelSize, -3);
            double power = 0;
            for (var k = 0; k < disc.Count; k++)
            {
                (re[k], im[k]) = (cube * re[k] * transfer[k], cube * im[k] * transfer[k]);
                power += k == 0 ? 0 : (re[k] * re[k]) + (im[k] * im[k]);
            }

            NoisePower = i == 0 ? noise * noise * power / disc.Count : NoisePower;
            var sigma = Math.Sqrt(NoisePower / 2);
            for (var k = 0; k < disc.Count; k++)
            {
                (re[k], im[k]) = ((float)(re[k] + (sigma * random.Normal())), (float)(im[k] + (sigma * random.Normal())));
            }

            transform.Inverse(re, im, _images[i] = new float[model.BoxSize * model.BoxSize], work);
        }

        Particles = [.. Enumerable.Range(0, particles).Select(i => new Particle(shown[i % distinct].Pose, shown[i % distinct].Ctf, 0, 1))];
        Starts = [.. Particles.Select(p => p.Pose.Step(
            [0.015 * random.Normal(), 0.015 * random.Normal(), 0.015 * random.Normal(), 0.5 * random.Normal(), 0.5 * random.Normal()]))];
    }

    /// <summary>Mean |noise|^2 of a coefficient.</summary>
    public double NoisePower { get; }

    /// <summary>Poses to refine from: 1.5 degrees and 0.7 angstrom off.</summary>
    public Pose[] Starts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OpticsGroup> OpticsGroups { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Particle> Particles { get; }

    /// <inheritdoc/>
    public void ReadImage(int index, Span<float> pixels) => _images[index % _images.Length].CopyTo(pixels);

    /// <inheritdoc/>
    public string Describe(int index) => FormattableString.Invariant($"particle {index + 1}");
}
