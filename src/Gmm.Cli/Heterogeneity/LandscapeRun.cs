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

/// <summary>Writes what landscape shows.</summary>
/// <param name="motion">What was learnt.</param>
/// <param name="landscape">Both halves' landscapes.</param>
/// <param name="row">The points that are looked at.</param>
/// <param name="request">What was asked for.</param>
/// <param name="files">Where it goes.</param>
/// <param name="call">Threads, seed, console.</param>
internal sealed class LandscapeRun(
    LearntMotion motion, MotionLandscape landscape, LandscapeRow row, LandscapeRequest request, LandscapeFiles files, VerbCall call)
{
    private PreparedParticles? _images;

    /// <summary>The points that were asked for.</summary>
    public static LandscapeRow Row(LandscapeRequest request, MotionLandscape landscape)
    {
        foreach (var component in new[] { request.Component, request.CircleWith ?? 0 })
        {
            if (component >= landscape.Dimension)
            {
                throw new InvalidInputException(
                    $"there is no component {component + 1}: the latent space has {landscape.Dimension}",
                    component == request.Component ? "--component" : "--circle-with");
            }
        }

        return request.At is { } file ? landscape.At(LatentTrajectory.Read(file, landscape.Dimension))
            : request.CircleWith is { } second ? landscape.Circle(request.Component, second, request.Points)
            : landscape.Along(request.Component, request.Points, request.Straight);
    }

    /// <summary>Writes everything.</summary>
    public LandscapeRecord Write(AtomicModel? atoms, Stopwatch clock)
    {
        LatentClusters[]? clusters = request.Clusters > 0 && landscape.Clusters(request.Clusters, call.Compute.Seed) is var (first, second)
            ? [first, second]
            : null;
        _ = request.Nearest > 0 ? Images() : null;
        using var progress = new StageProgress(call.Console);
        progress.Report(new WorkStage("models and movie", 0, 0));
        WriteScores(clusters);
        WriteDensities(clusters);
        WriteModels();
        var points = Enumerable.Range(0, row.Count).Select(p => Point(p, progress)).ToArray();
        string? mask = null;
        if (request.Nearest > 0)
        {
            progress.Report(new WorkStage("comparing half maps", 0, 0) { Step = row.Count, Steps = row.Count });
            (points, mask) = Compare(points);
            MotionScript.WriteMaps(
                files.MapScript, [.. Enumerable.Range(0, points.Length).Select(p => files.Map(p).Sum)], 4, "Maps of the particles nearest to each point.",
                call.Overwrite);
        }

        var morph = atoms is null
            ? null
            : MorphFiles.Write(request, new AtomMorph(atoms, landscape, row, request.AtomsAt, call.CancellationToken), files, call);
        var report = new LandscapeRecord(
            motion.Latents.Count, motion.Record.MotionFound, new(Summarise(0, clusters), Summarise(1, clusters)), points, mask, morph,
            Math.Round(clock.Elapsed.TotalSeconds, 1), call.Drawn(files.All), RecordedCall.Of(call));
        RecordOutput.Write(files.Record, report, LandscapeJson.Default.LandscapeRecord, call.Overwrite);
        return report;
    }

    /// <summary>How well the halves' maps agree at each point; they are read again, two at a time.</summary>
    private (LandscapePoint[] Points, string Mask) Compare(LandscapePoint[] points)
    {
        HalfMap Read(int point, int half) => MrcFile.ReadHalfMap(half == 1 ? files.Map(point).Half1 : files.Map(point).Half2, half);
        var focus = motion.FocusFile is { } file ? MrcFile.ReadMask(file) : null;
        var agreement = new HalvesAgreement(focus, Read(0, 1), Read(0, 2), motion.Record.Resolution, call.Compute);
        MapAgreement Agreement(HalfMap first, HalfMap second)
        {
            var (fsc, mean) = agreement.Compare(first, second);
            return new MapAgreement(MapWork.Resolution(fsc), Math.Round(mean, 4));
        }

        LandscapePoint[] compared = [.. points.Select((p, k) =>
        {
            var (first, other) = (Read(k, 1), row.Farthest(k));
            return p with { Agreement = new LandscapeAgreement(Agreement(first, Read(k, 2)), other + 1, Agreement(first, Read(other, 2))) };
        })];
        return (compared, agreement.UsesFocus ? motion.FocusFile! : agreement.Warning ?? "made from the half maps of point 1");
    }

    private LandscapeHalf Summarise(int half, LatentClusters[]? clusters)
    {
        var h = landscape.Of(half + 1);
        return new LandscapeHalf(
            half + 1, h.Members.Count, [.. h.Components.Variances.Select(v => Math.Round(Math.Sqrt(v), 4))],
            [.. h.Components.Shares.Select(s => Math.Round(s, 4))],
            half == 0 ? null : [.. h.Matches.Select(m => Math.Round(m, 4))], clusters is null ? null : [.. clusters[half].Sizes]);
    }

    private void WriteScores(LatentClusters[]? clusters)
    {
        var latents = motion.Latents;
        var (scores, labels) = (new double[latents.Count][], new int[latents.Count]);
        for (var h = 0; h < 2; h++)
        {
            var half = landscape.Of(h + 1);
            for (var m = 0; m < half.Members.Count; m++)
            {
                scores[half.Members[m]] = half.Scores[m];
                labels[half.Members[m]] = clusters?[h].Labels[m] + 1 ?? 0;
            }
        }

        var d = latents.Dimension;
        var table = new StarTable([
            "rlnImageName", "rlnRandomSubset", .. Enumerable.Range(1, d).Select(k => Texts.Line($"gmmLatent{k}")),
            .. Enumerable.Range(1, d).Select(k => Texts.Line($"gmmComponent{k}")),
            .. clusters is null ? Array.Empty<string>() : ["gmmCluster"]]);
        for (var i = 0; i < latents.Count; i++)
        {
            table.AddRow([
                latents.ImageNames[i], latents.Halves[i].ToString(CultureInfo.InvariantCulture),
                .. latents.Points[i].Select(v => v.ToString("F5", CultureInfo.InvariantCulture)),
                .. scores[i].Select(v => v.ToString("F5", CultureInfo.InvariantCulture)),
                .. clusters is null ? Array.Empty<string>() : [labels[i].ToString(CultureInfo.InvariantCulture)]]);
        }

        var block = new StarBlock("particles", table);
        ImageRoots.Remember(block.Comments, files.Scores, motion.Particles.ImageFolders);
        new StarFile(block).Write(files.Scores, call.Overwrite);
        for (var c = 0; c < request.Clusters; c++)
        {
            int[] members = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == c + 1)];
            motion.Particles.WriteSubset(files.Cluster(c), members, [StarColumn.FromIntegers("gmmCluster", [.. members.Select(_ => c + 1)])], call.Overwrite);
            if (files.Cryosparc)
            {
                motion.Particles.WriteCryosparc(
                    CsPoses.FilesBeside(files.Cluster(c))[0], [.. motion.Particles.Particles.Select(p => p.Pose)], call.Overwrite, members);
            }
        }
    }

    private void WriteDensities(LatentClusters[]? clusters)
    {
        for (var h = 0; h < 2; h++)
        {
            var half = landscape.Of(h + 1);
            var (first, second) = (request.Component, request.CircleWith ?? (request.Component == 0 ? 1 : 0));
            string Title(int k) => Texts.Line($"Component {k + 1} (Å rms; {100 * half.Components.Shares[k]:F0} % of the motion)");
            Chart chart;
            if (half.Components.Dimension == 1)
            {
                chart = new HistogramChart(
                    Texts.Line($"Particles of half {h + 1}"), new ChartAxis(Title(0)), [("particles", [.. half.Scores.Select(s => s[0])])]);
            }
            else
            {
                var path = Enumerable.Range(0, row.Count).Select(p => row.ScoresOf(h + 1, p)).ToArray();
                var marks = new List<ChartSeries> { new("points", [.. path.Select(s => s[first])], [.. path.Select(s => s[second])]) { Markers = true } };
                marks.AddRange(
                    (clusters?[h].Centres ?? []).Select((c, k) => new ChartSeries(Texts.Line($"cluster {k + 1}"), [c[first]], [c[second]]) { Markers = true }));
                chart = new DensityChart(
                    Texts.Line($"Particles of half {h + 1}"), new ChartAxis(Title(first)), new ChartAxis(Title(second)), [.. half.Scores.Select(s => s[first])],
                    [.. half.Scores.Select(s => s[second])], marks)
                {
                    // Both are angstrom rms of the same atoms.
                    EqualScales = true,
                    CountTitle = "Particles in a cell",
                };
            }

            Pictures.Save(call, chart, call.Overwrite, LandscapeFiles.Two(files.Density(h + 1)));
        }
    }

    private void WriteModels()
    {
        var shown = new List<(string Name, IReadOnlyList<GaussianModel> Models)>();
        for (var p = 0; p < row.Count; p++)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            var halves = new List<GaussianModel>();
            for (var h = 1; h <= 2; h++)
            {
                var model = row.ModelOf(h, p).WithProvenance(Texts.Line($"point {p + 1} of {row.Count}: {landscape.Of(h).Model.Provenance}"));
                GaussianModelFile.Write(files.Model(p, h), model, call.Overwrite);
                halves.Add(model);
            }

            shown.Add((Texts.Line($"point {p + 1} of {row.Count}"), halves));
        }

        var movie = MotionMovie.Create(
            "Gaussians of both halves", ["half 1", "half 2"], shown, motion.Record.Resolution, cancellationToken: call.CancellationToken);
        Pictures.Draw(call, files.Movie, call.Overwrite, () => AnimatedPng.Save(
            files.Movie, movie, overwrite: call.Overwrite, thereAndBack: request.CircleWith is null, cancellationToken: call.CancellationToken));
    }

    /// <summary>The images, looked at once for all points.</summary>
    private PreparedParticles Images() => _images ??= ImageInput.Prepare(call, motion.Particles, motion.Images);

    private LandscapePoint Point(int point, StageProgress progress)
    {
        double[] Scores(int half) => [.. row.ScoresOf(half, point).Select(v => Math.Round(v, 4))];
        if (request.Nearest == 0)
        {
            return new LandscapePoint(point + 1, new(Scores(1), Scores(2)), 0, null);
        }

        var stage = new WorkStage(Texts.Line($"point {point + 1} of {row.Count}: half maps of the nearest particles"), 0, 0)
        {
            Counts = true,
            Step = point + 1,
            Steps = row.Count,
            Iteration = point + 1,
            Iterations = row.Count,
        };
        progress.Report(stage);
        var pair = row.Reconstruct(
            Images(), point, request.Nearest, call.Compute, null,
            new Relay<ReconstructionProgress>(p => progress.Report(stage with { Done = p.Done, Total = p.Total })), call.CancellationToken);
        files.Map(point).Write(pair, call.Overwrite);
        var resolution = MapWork.Unmasked(pair, call.Compute).Resolution;
        progress.Done(resolution);
        return new LandscapePoint(point + 1, new(Scores(1), Scores(2)), row.Nearest(point, request.Nearest).Length, resolution);
    }
}
