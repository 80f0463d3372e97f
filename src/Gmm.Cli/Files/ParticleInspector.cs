using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>Looks into STAR files and cryoSPARC's: particles with their optics and images, Gaussian models, and tables of other kinds.</summary>
internal sealed partial class ParticleInspector(VerbCall call, string? root, List<FileProblem> problems)
{
    /// <summary>Images that are measured for contrast and normalisation.</summary>
    private const int Measured = 300;

    /// <summary>A side for images of which neither file nor stack says any; limits that depend on it are far away.</summary>
    private const int UnknownSide = 4096;

    public FileFacts Look(string path)
    {
        var list = EmanList.IsNamed(path) ? List(path) : null;
        if (list is { HasPoses: false })
        {
            return list;
        }

        ParticleFile read;
        try
        {
            read = ParticleFile.Read(path, new StarParticlesOptions { Root = root });
        }
        catch (InvalidInputException e) when (list is not null)
        {
            problems.Add(FileInspector.Of(e, path));
            return list;
        }

        foreach (var warning in read.Warnings)
        {
            problems.Add(new FileProblem(FileProblem.Note, warning));
        }

        var file = read.Star;
        if (file.Find("gmm_gaussians") is not null)
        {
            var model = GaussianModelFile.Read(path);
            return new FileFacts
            {
                Path = path,
                Kind = "model",
                Count = model.Count,
                Size = [model.BoxSize, model.BoxSize, model.BoxSize],
                PixelSize = model.PixelSize,
                Provenance = model.Provenance,
            };
        }

        if (TomographyInputs.SetIn(file) is not null)
        {
            problems.Add(new FileProblem(
                FileProblem.Note, "RELION's optimisation set: gmm convert makes single tilts of the particles and tomograms that it names"));
        }

        if (read.Cryosparc is { } cs && cs.Table.Contains(CsFields.Pose))
        {
            try
            {
                cs.Require(images: true, ctfs: true);
            }
            catch (InvalidInputException e)
            {
                problems.Add(FileInspector.Of(e, path));
                return new FileFacts { Path = path, Kind = "particles", Count = cs.Table.RowCount, HasPoses = true };
            }
        }

        return file.Blocks.Any(b => b.Table is { } t && t.Contains(Labels.ImageName)) ? Particles(path, file, read.Cryosparc, list) : new FileFacts
        {
            Path = path,
            Kind = "star",
            Blocks = [.. file.Blocks.Where(b => b.HasHeader)
                .Select(b => b.Table is { } t ? Texts.Line($"data_{b.Name}: {t.RowCount} rows") : $"data_{b.Name}")],
        };
    }

    /// <summary>What a list of EMAN2's says by itself; poses are there if all images have one.</summary>
    private FileFacts List(string path)
    {
        var list = EmanList.Read(path);
        var entries = list.Entries;
        var without = entries.Count(e => e.Rotation is null);
        if (without > 0)
        {
            problems.Add(new FileProblem(
                without < entries.Count ? FileProblem.Error : FileProblem.Note,
                Texts.Line($"{without} of {entries.Count} images have no pose: they cannot be refined"),
                without < entries.Count ? entries.First(e => e.Rotation is null).Line : null, "xform.projection"));
        }

        var (stacks, missing) = Missing(new ImageRoots(path, root, list.Comments), entries.Select(e => ((string?)e.Stack, e.Line)));
        var hasHalves = entries.All(e => e.Class is 0 or 1);
        return new FileFacts
        {
            Path = path,
            Kind = "particles",
            Count = entries.Count,
            HasPoses = without == 0,
            Halves = hasHalves ? new HalfPair<int>(entries.Count(e => e.Class == 0), entries.Count(e => e.Class == 1)) : null,
            Stacks = stacks,
            MissingStacks = missing,
        };
    }

    private FileFacts Particles(string path, StarFile file, CsDataset? cryosparc, FileFacts? list)
    {
        var block = StarParticles.FindParticles(file, path, posesAreEnough: false);
        var table = block.Table!;
        var hasPoses = table.Contains(PoseText.Rot) && table.Contains(PoseText.Tilt) && table.Contains(PoseText.Psi);
        var (stacks, missing) = list is { Stacks: { } n, MissingStacks: { } m } ? (n, m) : Missing(
            new ImageRoots(path, root, file.Comments) { Advice = cryosparc is not null ? CsDataset.ProjectAdvice : string.Empty },
            Enumerable.Range(0, table.RowCount)
                .Select(row => (ImageReference.Parse(Encoding.UTF8.GetBytes(table.GetText(row, Labels.ImageName)))?.Stack, table.LineOf(row))));
        var facts = new FileFacts
        {
            Path = path,
            Kind = "particles",
            Count = table.RowCount,
            TiltParticles = TiltInput.CountOf(table),
            HasPoses = hasPoses,
            Stacks = stacks,
            MissingStacks = missing,
        };
        if (table.RowCount > 0 && !hasPoses)
        {
            // Everything else can be looked at with any pose.
            problems.Add(new FileProblem(FileProblem.Note, "the particles have no poses (rlnAngleRot, Tilt, Psi): they cannot be refined", null, PoseText.Rot));
            string[] zeros = [.. Enumerable.Repeat("0", table.RowCount)];
            var posed = table.Clone();
            foreach (var label in new[] { PoseText.Rot, PoseText.Tilt, PoseText.Psi })
            {
                posed.SetColumn(label, zeros);
            }

            var with = new StarBlock(block.Name, posed) { HasHeader = block.HasHeader };
            file = file.With(block, with);
        }

        var options = new StarParticlesOptions
        {
            Root = root,
            RequireImages = missing == 0,
            RequireCtf = table.Contains(Labels.DefocusU),
            RequireBothHalves = false,
            ImageSize = missing == 0 ? null : UnknownSide,
        };
        try
        {
            using var particles = StarParticles.Of(path, new ParticleFile(file, cryosparc, cryosparc?.Warnings ?? []), options);
            Tell(particles.Warnings.Where(w => hasPoses || !w.Contains(PoseText.Rot, StringComparison.Ordinal)), path);
            return Describe(facts, particles, missing == 0);
        }
        catch (InvalidInputException e)
        {
            problems.Add(FileInspector.Of(e, path));
            return facts;
        }
    }

    /// <summary>How many stacks the particles are in, and how many are not there.</summary>
    /// <param name="roots">Where they are looked for.</param>
    /// <param name="images">The stack of each image, null where it cannot be told, and its line in the file.</param>
    private (int Stacks, int Missing) Missing(ImageRoots roots, IEnumerable<(string? Stack, int Line)> images)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (stack, line) in images)
        {
            if (stack is not null)
            {
                lines.TryAdd(stack, line);
            }
        }

        var missing = lines.Where(n => roots.Find(n.Key) is null).ToArray();
        if (missing.Length > 0)
        {
            problems.Add(new FileProblem(
                FileProblem.Warning,
                $"{missing.Length} of {lines.Count} stacks are not there, the first {missing[0].Key}; looked in {roots.Places}", missing[0].Value,
                Labels.ImageName));
        }

        return (lines.Count, missing.Length);
    }

    /// <summary>What a reader assumed is a note; what it doubts is a warning.</summary>
    private void Tell(IEnumerable<string> warnings, string path)
    {
        foreach (var warning in warnings)
        {
            var text = warning.StartsWith(path + ": ", StringComparison.Ordinal) ? warning[(path.Length + 2)..] : warning;
            var isAssumption = text.StartsWith("there is no ", StringComparison.Ordinal) || text.Contains("is 0 everywhere", StringComparison.Ordinal)
                || text.StartsWith("the images have an odd side", StringComparison.Ordinal) || text.StartsWith("cryoSPARC says", StringComparison.Ordinal);
            problems.Add(new FileProblem(isAssumption ? FileProblem.Note : FileProblem.Warning, text));
        }
    }

    private FileFacts Describe(FileFacts facts, StarParticles particles, bool hasImages)
    {
        var all = particles.Particles;
        var defoci = all.Select(p => (p.Ctf.DefocusU + p.Ctf.DefocusV) / 2).ToArray();
        facts = facts with
        {
            Optics = [.. particles.OpticsGroups.Select((g, i) => Optics(g, all.Count(p => p.OpticsIndex == i), all.First(p => p.OpticsIndex == i).Ctf))],
            Halves = particles.HalvesWereAssigned ? null : new HalfPair<int>(all.Count(p => p.Half == 1), all.Count(p => p.Half == 2)),
            Defocus = particles.Table.Contains(Labels.DefocusU) ? [defoci.Min(), defoci.Max()] : null,
            PixelSize = particles.OpticsGroups[0].PixelSize,
        };
        if (facts.Halves is { Half1: var one, Half2: var two } && (one == 0 || two == 0))
        {
            problems.Add(new FileProblem(
                FileProblem.Error,
                $"half set {(one == 0 ? 1 : 2)} has no particles: verbs that refine need two independent halves "
                    + "(gmm reconstruct --half makes the map of one)",
                null, Labels.Half));
        }

        return hasImages ? WithImages(facts, particles) : facts;
    }

    /// <summary>
    /// A stack whose name says that it is binned, and a pixel that no detector's can have become by that: no microscope's is under 0.4 A.
    /// </summary>
    private void WarnOfBinning(StarParticles particles)
    {
        foreach (var stack in particles.Stacks)
        {
            var match = Binned().Match(Path.GetFileName(stack));
            var a = particles.OpticsGroups.Min(g => g.PixelSize);
            if (match.Success && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var factor) && a < 0.4 * factor)
            {
                problems.Add(new FileProblem(
                    FileProblem.Warning,
                    Texts.Line($"the pixel size is {a:G6} A, but the stack {stack} is binned {factor} times by its name: it is hardly that of the ")
                        + Texts.Line($"binned images ({a * factor:G6} A, if it is that before); --pixel-size overrides the file"),
                    null,
                    Labels.ImagePixelSize));
                return;
            }
        }
    }

    [GeneratedRegex("bin_?([0-9]{1,3})(?![0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Binned();

    private static OpticsFacts Optics(OpticsGroup g, int count, CtfParameters ctf) => new(
        g.Id, g.Name, count, g.PixelSize, g.ImageSize == UnknownSide ? null : g.ImageSize, ctf.VoltageKilovolt, ctf.SphericalAberrationMillimetre,
        g.CtfState switch
        {
            CtfState.PhaseFlipped => "phase_flipped",
            CtfState.Premultiplied => "premultiplied",
            CtfState.None => "none",
            _ => "unmodified",
        },
        g.Aberrations is not null);

    private FileFacts WithImages(FileFacts facts, StarParticles particles)
    {
        WarnOfBinning(particles);
        var step = Math.Max(1, particles.Particles.Count / Measured);
        int[] some = [.. Enumerable.Range(0, particles.Particles.Count).Where(i => i % step == 0)];
        var prepared = new PreparedParticles(new SampledParticles(particles, some), new ImageOptions { KeepContrast = true }, call.Compute);
        prepared.Measure(cancellationToken: call.CancellationToken);
        var contrast = ContrastCheck.Measure(prepared, null, null, call.Compute, call.CancellationToken);
        var report = prepared.Report with { Contrast = contrast };
        foreach (var warning in report.Warnings())
        {
            problems.Add(new FileProblem(FileProblem.Warning, warning));
        }

        return facts with
        {
            Contrast = contrast.IsDoubtful ? "dark" : contrast.ImagesZ > 3 ? "bright" : "unclear",
            Normalised = report.BackgroundRemoved + report.Rescaled == 0,
        };
    }
}
