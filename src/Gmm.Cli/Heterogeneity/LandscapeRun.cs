using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>Makes and writes what landscape shows.</summary>
/// <param name="motion">What was learnt.</param>
/// <param name="halves">Both halves' landscapes, the second matched to the first.</param>
/// <param name="rows">The latent points of the trajectory of each half.</param>
/// <param name="request">What was asked for.</param>
/// <param name="files">Where it goes.</param>
/// <param name="call">Threads, seed, console.</param>
internal sealed class LandscapeRun(LearntMotion motion, HalfLandscape[] halves, float[][][] rows, LandscapeRequest request, LandscapeFiles files, VerbCall call)
{
    private PreparedParticles? _images;

    /// <summary>The points of the trajectory in each half's own latent space.</summary>
    public static float[][][] Rows(LandscapeRequest request, HalfLandscape[] halves)
    {
        var dimension = halves[0].Components.Dimension;
        foreach (var component in new[] { request.Component, request.CircleWith ?? 0 })
        {
            if (component >= dimension)
            {
                throw new InvalidInputException($"there is no component {component + 1}: the latent space has {dimension}", component == request.Component ? "--component" : "--circle-with");
            }
        }

        if (request.At is { } file)
        {
            // Scores are in angstrom of motion, so the same numbers are the same motion in both halves.
            var scores = LatentTrajectory.Read(file, dimension);
            return [.. halves.Select(h => scores.Select(s => h.Components.Point([.. s.Select(v => (double)v)])).ToArray())];
        }

        return [.. halves.Select(h => request.CircleWith is { } second
            ? LatentTrajectory.Circle(h.Components, h.Points, request.Component, second, request.Points)
            : LatentTrajectory.Along(h.Components, h.Points, request.Component, request.Points, request.Straight))];
    }

    /// <summary>Writes everything.</summary>
    public LandscapeReport Write(AtomicModel? atoms, Stopwatch clock)
    {
        var clusters = request.Clusters > 0 ? Clusters() : null;
        WriteScores(clusters);
        WriteDensities(clusters);
        WriteModels();
        var points = Enumerable.Range(0, rows[0].Length).Select(Point).ToArray();
        HalvesAgreement? agreement = null;
        if (request.Nearest > 0)
        {
            agreement = new HalvesAgreement(motion, files, call.Compute);
            points = [.. points.Select((p, k) => p with { Agreement = agreement.At(k, Farthest(k)) })];
            MotionScript.WriteMaps(files.MapScript, [.. Enumerable.Range(0, points.Length).Select(p => files.Map(p).Sum)], 4, "Maps of the particles nearest to each point.", call.Overwrite);
        }

        var morph = atoms is null ? null : AtomMorph.Write(request, atoms, halves, rows, files, call);
        var report = new LandscapeReport(
            motion.Latents.Count, motion.Record.MotionFound, [Summarise(0, clusters), Summarise(1, clusters)], points, agreement?.MaskName, morph, Math.Round(clock.Elapsed.TotalSeconds, 1), [.. files.All]);
        AtomicOutput.Write(files.Record, call.Overwrite, stream => JsonSerializer.Serialize(stream, report, HeterogeneityReports.Default.LandscapeReport));
        return report;
    }

    /// <summary>The point whose scores are farthest from a point's, in half 1.</summary>
    private int Farthest(int point)
    {
        var scores = rows[0].Select(p => halves[0].Components.Scores(p)).ToArray();
        return Enumerable.Range(0, scores.Length).MaxBy(p => scores[p].Zip(scores[point], (a, b) => (a - b) * (a - b)).Sum());
    }

    private LandscapeHalf Summarise(int half, LatentClusters[]? clusters)
    {
        var h = halves[half];
        return new LandscapeHalf(
            half + 1, h.Members.Count, [.. h.Components.Variances.Select(v => Math.Round(Math.Sqrt(v), 4))], [.. h.Components.Shares.Select(s => Math.Round(s, 4))],
            half == 0 ? null : [.. h.Matches.Select(m => Math.Round(m, 4))], clusters is null ? null : [.. clusters[half].Sizes]);
    }

    /// <summary>Clusters of each half by itself; half 2's are numbered like those of half 1 that they lie nearest to, for display only.</summary>
    private LatentClusters[] Clusters()
    {
        var first = LatentClusters.Find(halves[0].Scores, request.Clusters, call.Compute.Seed);
        var second = LatentClusters.Find(halves[1].Scores, request.Clusters, call.Compute.Seed);
        return [first, second.NumberedLike(first)];
    }

    private void WriteScores(LatentClusters[]? clusters)
    {
        var latents = motion.Latents;
        var (scores, labels) = (new double[latents.Count][], new int[latents.Count]);
        for (var h = 0; h < 2; h++)
        {
            for (var m = 0; m < halves[h].Members.Count; m++)
            {
                scores[halves[h].Members[m]] = halves[h].Scores[m];
                labels[halves[h].Members[m]] = clusters?[h].Labels[m] + 1 ?? 0;
            }
        }

        var d = latents.Dimension;
        var table = new StarTable([
            "rlnImageName", "rlnRandomSubset", .. Enumerable.Range(1, d).Select(k => Texts.Line($"gmmLatent{k}")), .. Enumerable.Range(1, d).Select(k => Texts.Line($"gmmComponent{k}")),
            .. clusters is null ? Array.Empty<string>() : ["gmmCluster"]]);
        for (var i = 0; i < latents.Count; i++)
        {
            table.AddRow([
                latents.ImageNames[i], latents.Halves[i].ToString(CultureInfo.InvariantCulture), .. latents.Points[i].Select(v => v.ToString("F5", CultureInfo.InvariantCulture)),
                .. scores[i].Select(v => v.ToString("F5", CultureInfo.InvariantCulture)), .. clusters is null ? Array.Empty<string>() : [labels[i].ToString(CultureInfo.InvariantCulture)]]);
        }

        new StarFile(new StarBlock("particles", table)).Write(files.Scores, call.Overwrite);
        for (var c = 0; c < request.Clusters; c++)
        {
            int[] members = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == c + 1)];
            motion.Particles.WriteSubset(files.Cluster(c), members, [StarColumn.FromIntegers("gmmCluster", [.. members.Select(_ => c + 1)])], call.Overwrite);
        }
    }

    private void WriteDensities(LatentClusters[]? clusters)
    {
        for (var h = 0; h < 2; h++)
        {
            var landscape = halves[h];
            var (first, second) = (request.Component, request.CircleWith ?? (request.Component == 0 ? 1 : 0));
            string Title(int k) => Texts.Line($"Component {k + 1} (Å rms; {100 * landscape.Components.Shares[k]:F0} % of the motion)");
            Chart chart;
            if (landscape.Components.Dimension == 1)
            {
                chart = new HistogramChart(Texts.Line($"Particles of half {h + 1}"), new ChartAxis(Title(0)), [("particles", [.. landscape.Scores.Select(s => s[0])])]);
            }
            else
            {
                var path = rows[h].Select(p => landscape.Components.Scores(p)).ToArray();
                var marks = new List<ChartSeries> { new("points", [.. path.Select(s => s[first])], [.. path.Select(s => s[second])]) { Markers = true } };
                marks.AddRange((clusters?[h].Centres ?? []).Select((c, k) => new ChartSeries(Texts.Line($"cluster {k + 1}"), [c[first]], [c[second]]) { Markers = true }));
                chart = new DensityChart(
                    Texts.Line($"Particles of half {h + 1}"), new ChartAxis(Title(first)), new ChartAxis(Title(second)), [.. landscape.Scores.Select(s => s[first])], [.. landscape.Scores.Select(s => s[second])], marks);
            }

            foreach (var file in LandscapeFiles.Two(files.Density(h + 1)))
            {
                chart.Save(file, call.Overwrite);
            }
        }
    }

    private void WriteModels()
    {
        var shown = new List<(string Name, GaussianModel Model)>();
        for (var p = 0; p < rows[0].Length; p++)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            for (var h = 0; h < 2; h++)
            {
                var model = halves[h].Decode(rows[h][p]).Apply(halves[h].Model).WithProvenance(Texts.Line($"point {p + 1} of {rows[h].Length}: {halves[h].Model.Provenance}"));
                GaussianModelFile.Write(files.Model(p, h + 1), model, call.Overwrite);
                if (h == 0)
                {
                    shown.Add((Texts.Line($"point {p + 1} of {rows[h].Length}"), model));
                }
            }
        }

        var movie = MotionMovie.Create("Gaussians of half 1", shown, motion.Record.Resolution, cancellationToken: call.CancellationToken);
        AnimatedPng.Save(files.Movie, movie, overwrite: call.Overwrite, thereAndBack: request.CircleWith is null, cancellationToken: call.CancellationToken);
    }

    /// <summary>The images, looked at once for all points.</summary>
    private PreparedParticles Images() => _images ??= ImageInput.Prepare(call, motion.Particles, motion.Images);

    private LandscapePoint Point(int point)
    {
        var scores = halves.Select((h, k) => h.Components.Scores(rows[k][point])).ToArray();
        double[] Round(double[] values) => [.. values.Select(v => Math.Round(v, 4))];
        if (request.Nearest == 0)
        {
            return new LandscapePoint(point + 1, Round(scores[0]), Round(scores[1]), 0, null);
        }

        var chosen = halves.SelectMany((h, k) => NearestTo(h, scores[k])).ToArray();
        var weights = new float[motion.Latents.Count];
        foreach (var i in chosen)
        {
            weights[i] = 1;
        }

        var pair = MapWork.WithProgress(call, progress => new FourierReconstructor().ReconstructHalves(
            new(Images(), Weights: weights), new ReconstructionOptions(), call.Compute, progress, call.CancellationToken));
        files.Map(point).Write(pair, call.Overwrite);
        return new LandscapePoint(point + 1, Round(scores[0]), Round(scores[1]), chosen.Length, MapWork.Unmasked(pair, call.Compute).Resolution);
    }

    private IEnumerable<int> NearestTo(HalfLandscape half, double[] scores) => half.NearestTo(scores, request.Nearest).Select(m => half.Members[m]);
}
