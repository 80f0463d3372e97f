using System.Globalization;
using System.Text.Json;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The files of a refinement of patches or bodies. Each is written whole or not at all; the state file of an iteration comes last.</summary>
internal sealed class PatchFiles(string folder, StarParticles particles, bool bodies)
{
    public const string Mask = "run_mask.mrc";
    public const string Composite = "composite.mrc";
    public const string CompositeFsc = "composite_fsc.star";
    public const string Provenance = "provenance.json";

    private const string Score = "gmmPoseScore";
    private const string RotationSigma = "gmmPoseRotationSigma";
    private const string ShiftSigma = "gmmPoseShiftSigma";
    private const string Status = "gmmPoseStatus";
    private const string Step = "gmmPatchStep";
    private const string Covariance = "gmmPatchCovariance";
    private static readonly string[] Axes = ["RotX", "RotY", "RotZ", "ShiftX", "ShiftY"];

    public bool HasAny => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "run_*").Concat(Directory.EnumerateFiles(folder, Provenance)).Any();

    public string In(string name) => Path.Combine(folder, name);

    /// <summary>A file of a patch, from the folder: patch01/run_data.star, or body01_data.star.</summary>
    public string Of(Patch patch, string what) => bodies ? $"{patch.Name}_{what}" : what == "mask.mrc" ? $"{patch.Name}/{what}" : $"{patch.Name}/run_{what}";

    public static string Consensus(int half) => $"consensus_half{half}_unfil.mrc";

    public static string CompositeHalf(int half) => $"composite_half{half}_unfil.mrc";

    /// <summary>Removes what an earlier run of any kind left, so that nothing of it is taken for this one's.</summary>
    public void RemoveAll()
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var pattern in new[] { "run_*", "consensus_*", "composite*", "body??_*", Provenance })
        {
            foreach (var file in Directory.GetFiles(folder, pattern))
            {
                File.Delete(file);
            }
        }

        foreach (var patch in Directory.GetDirectories(folder, "patch*"))
        {
            foreach (var file in Directory.GetFiles(patch, "run_*").Append(Path.Combine(patch, "mask.mrc")))
            {
                File.Delete(file);
            }
        }
    }

    public void Write(PatchState state, string settings)
    {
        if (state.Iteration == 0)
        {
            MrcFile.WriteMap(In(Mask), state.Solvent, overwrite: true);
            MrcFile.WriteMap(In(Consensus(1)), state.Consensus.Half1, overwrite: true);
            MrcFile.WriteMap(In(Consensus(2)), state.Consensus.Half2, overwrite: true);
            foreach (var patch in state.Patches)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(In(Of(patch, "mask.mrc")))!);
                MrcFile.WriteMap(In(Of(patch, "mask.mrc")), patch.Mask, overwrite: true);
            }
        }

        WriteState(StateName(state.Iteration), state, settings);
        RemoveMaps(state.Iteration - 1, state.Patches);
    }

    /// <summary>Writes the poses of an iteration whose maps are still to be made.</summary>
    public void WritePoses(PatchState state, string settings)
    {
        for (var k = 0; k < state.Patches.Count; k++)
        {
            particles.WriteStar(
                Iterated(state.Iteration, state.Patches[k], "data.star"), [.. state.Estimates[k].Select(e => e.Pose)], Columns(state.Estimates[k]), overwrite: true);
        }

        WriteState(PosesName(state.Iteration), state, settings);
    }

    /// <summary>The poses of the iteration after a state, where they were written before a run was stopped; null where not.</summary>
    public PatchState? ReadPoses(PatchState state, string settings)
    {
        var iteration = state.Iteration + 1;
        if (!File.Exists(PosesName(iteration)) || ReadState(PosesName(iteration), iteration) is not { } file || file.Settings != settings)
        {
            return null;
        }

        new RecordCheck(PosesName(iteration), "patches").Count(file.Patches.Count, state.Patches.Count);

        return state with
        {
            Iteration = iteration,
            Estimates = [.. state.Patches.Select(p => ReadEstimates(Iterated(iteration, p, "data.star")))],
            Motions = [.. file.Motions.Select(m => new PatchMotions(m))],
            Maps = [],
            Models = null,
            Times = default,
        };
    }

    /// <summary>Writes the half maps of a patch.</summary>
    public void WriteMaps(PatchState state, int patch, HalfMapPair maps)
    {
        MrcFile.WriteMap(Iterated(state.Iteration, state.Patches[patch], "half1_unfil.mrc"), maps.Half1, overwrite: true);
        MrcFile.WriteMap(Iterated(state.Iteration, state.Patches[patch], "half2_unfil.mrc"), maps.Half2, overwrite: true);
    }

    /// <summary>The half maps of a patch, where they were written before a run was stopped; null where not.</summary>
    public HalfMapPair? ReadMaps(PatchState state, int patch, double pixelSize)
    {
        var (half1, half2) = (Iterated(state.Iteration, state.Patches[patch], "half1_unfil.mrc"), Iterated(state.Iteration, state.Patches[patch], "half2_unfil.mrc"));
        return File.Exists(half1) && File.Exists(half2) ? ReadPair(half1, half2, pixelSize) : null;
    }

    /// <summary>The state file of the last complete iteration, or null.</summary>
    public PatchStateFile? ReadLast()
    {
        var last = -1;
        while (File.Exists(StateName(last + 1)))
        {
            last++;
        }

        if (last < 0)
        {
            return null;
        }

        return ReadState(StateName(last), last);
    }

    /// <summary>Reads an iteration back.</summary>
    public PatchState Read(PatchStateFile file, double pixelSize, ComputeOptions compute)
    {
        SolventMask ReadMask(string name)
        {
            var mask = MrcFile.ReadMask(In(name));
            return new SolventMask(mask.Size, pixelSize, mask.Voxels);
        }

        Patch[] patches = [.. file.Patches.Select(p =>
        {
            var bare = new Patch(p.Name, new SolventMask(1, 1, [1]), p.X, p.Y, p.Z);
            return bare with { Mask = ReadMask(Of(bare, "mask.mrc")) };
        })];
        var solvent = ReadMask(Mask);
        var consensus = ReadPair(In(Consensus(1)), In(Consensus(2)), pixelSize);
        HalfMapPair[] maps = file.Iteration == 0 ? [] : [.. patches.Select(p =>
            ReadPair(MapOf(file.Iteration, p, "half1_unfil.mrc"), MapOf(file.Iteration, p, "half2_unfil.mrc"), pixelSize))];
        var composite = maps.Length == 0 ? consensus : PatchLoop.Compose(consensus, maps, patches);
        var consensusFsc = FourierShellCorrelation.PhaseRandomised(consensus.Half1, consensus.Half2, solvent, compute);
        return new PatchState
        {
            Iteration = file.Iteration,
            Consensus = consensus,
            Solvent = solvent,
            Patches = patches,
            ConsensusFsc = consensusFsc,
            Composite = composite,
            Fsc = maps.Length == 0 ? consensusFsc : FourierShellCorrelation.PhaseRandomised(composite.Half1, composite.Half2, solvent, compute),
            Maps = maps,
            Motions = [.. file.Motions.Select(m => new PatchMotions(m))],
            Limit = file.Limit,
            Estimates = maps.Length == 0 ? [] : [.. patches.Select(p => ReadEstimates(Iterated(file.Iteration, p, "data.star")))],
        };
    }

    /// <summary>Copies the last iteration's files to their final names.</summary>
    public void WriteFinal(PatchState state)
    {
        foreach (var patch in state.Patches)
        {
            AtomicOutput.Write(In(Of(patch, "data.star")), true, stream =>
            {
                using var source = File.OpenRead(Iterated(state.Iteration, patch, "data.star"));
                source.CopyTo(stream);
            });
            foreach (var what in new[] { "half1_unfil.mrc", "half2_unfil.mrc" })
            {
                // Where an earlier call got so far, they have their final names already.
                if (File.Exists(Iterated(state.Iteration, patch, what)))
                {
                    File.Move(Iterated(state.Iteration, patch, what), In(Of(patch, what)), overwrite: true);
                }
            }
        }

        MrcFile.WriteMap(In(CompositeHalf(1)), state.Composite.Half1, overwrite: true);
        MrcFile.WriteMap(In(CompositeHalf(2)), state.Composite.Half2, overwrite: true);
    }

    public void WriteRecord(PatchProvenance record) =>
        AtomicOutput.Write(In(Provenance), true, stream => JsonSerializer.Serialize(stream, record, PatchJson.Default.PatchProvenance));

    public static void WriteFsc(string path, CorrectedFsc fsc) => FscFile.WriteStar(
        path,
        fsc.Unmasked.Frequencies,
        [
            new FscColumn(FscFile.Corrected, fsc.Corrected.Values),
            new FscColumn(FscFile.Unmasked, fsc.Unmasked.Values),
            new FscColumn(FscFile.Masked, fsc.Masked.Values),
            new FscColumn(FscFile.PhaseRandomized, fsc.Randomised.Values),
        ],
        [new StarPair("rlnFinalResolution", fsc.Corrected.Resolution().ToString("F6", CultureInfo.InvariantCulture))],
        overwrite: true);

    private static void WriteState(string path, PatchState state, string settings)
    {
        var file = new PatchStateFile
        {
            Settings = settings,
            Iteration = state.Iteration,
            Limit = state.Limit,
            Resolution = state.Fsc.Corrected.Resolution(),
            Patches = [.. state.Patches.Select(p => new PatchPlace(p.Name, p.X, p.Y, p.Z))],
            Motions = [.. state.Motions.Select(m => m.Covariance)],
        };
        AtomicOutput.Write(path, true, stream => JsonSerializer.Serialize(stream, file, PatchJson.Default.PatchStateFile));
    }

    private static PatchStateFile ReadState(string path, int iteration)
    {
        var file = RecordFile.Read(path, PatchJson.Default.PatchStateFile, "a state of a refinement of patches");
        new RecordCheck(path, "iteration").Require(file.Iteration == iteration, $"is {file.Iteration}, not {iteration} as the file's name says");
        return file;
    }

    private string PosesName(int iteration) => In(string.Create(CultureInfo.InvariantCulture, $"run_it{iteration:D3}_poses.json"));

    private string StateName(int iteration) => In(string.Create(CultureInfo.InvariantCulture, $"run_it{iteration:D3}_state.json"));

    private string Iterated(int iteration, Patch patch, string what) => In(Of(patch, string.Create(CultureInfo.InvariantCulture, $"it{iteration:D3}_{what}")));

    /// <summary>A half map of the last iteration, which a finished run has under its final name.</summary>
    private string MapOf(int iteration, Patch patch, string what) =>
        File.Exists(Iterated(iteration, patch, what)) ? Iterated(iteration, patch, what) : In(Of(patch, what));

    /// <summary>Half maps of an earlier iteration are not needed to go on, and are most of the disk space; poses are kept.</summary>
    private void RemoveMaps(int iteration, IReadOnlyList<Patch> patches)
    {
        for (var half = 1; half <= 2 && iteration > 0; half++)
        {
            foreach (var patch in patches)
            {
                File.Delete(Iterated(iteration, patch, $"half{half}_unfil.mrc"));
            }
        }
    }

    private HalfMapPair ReadPair(string half1, string half2, double pixelSize)
    {
        // The header's pixel size is float32; the run goes on with the particles' own.
        DensityMap a = MrcFile.ReadMap(half1), b = MrcFile.ReadMap(half2);
        return HalfMapPair.Of(new HalfMap(a.Size, pixelSize, a.Voxels, 1), new HalfMap(b.Size, pixelSize, b.Voxels, 2), particles.Particles);
    }

    private static StarColumn[] Columns(PatchEstimate[] estimates)
    {
        double Element(PatchEstimate e, int i, int j) => e.Covariance is { } c ? c[(i * Axes.Length) + j] : -1;
        StarColumn Number(string label, Func<PatchEstimate, double> value) =>
            new(label, [.. estimates.Select(value).Select(v => (double.IsFinite(v) ? v : -1).ToString("G6", CultureInfo.InvariantCulture))]);
        return
        [
            Number(Score, e => e.Correlation),
            Number(RotationSigma, e => e.RotationSigmaDegrees),
            Number(ShiftSigma, e => e.ShiftSigmaAngstrom),
            StarColumn.FromIntegers(Status, [.. estimates.Select(e => (int)e.Status)]),
            .. Enumerable.Range(0, Axes.Length).Select(i => Number(Step + Axes[i], e => e.Step[i])),
            .. Enumerable.Range(0, Axes.Length).SelectMany(i => Enumerable.Range(i, Axes.Length - i).Select(j => Number($"{Covariance}{i + 1}{j + 1}", e => Element(e, i, j)))),
        ];
    }

    private PatchEstimate[] ReadEstimates(string path)
    {
        using var data = StarParticles.Open(
            path, particles.Options with { RequireImages = false, RequireCtf = false, ImageSize = particles.OpticsGroups[0].ImageSize });
        if (data.Particles.Count != particles.Particles.Count)
        {
            throw new InvalidInputException($"has {data.Particles.Count} particles, the input {particles.Particles.Count}: the input changed since the run", path);
        }

        float Number(int row, string label) => (float)data.Table.GetDouble(row, label);
        return [.. data.Particles.Select((p, row) =>
        {
            var covariance = new float[Axes.Length * Axes.Length];
            for (var i = 0; i < Axes.Length; i++)
            {
                for (var j = i; j < Axes.Length; j++)
                {
                    covariance[(i * Axes.Length) + j] = covariance[(j * Axes.Length) + i] = Number(row, $"{Covariance}{i + 1}{j + 1}");
                }
            }

            return new PatchEstimate(
                p.Pose, [.. Axes.Select(a => Number(row, Step + a))], covariance[0] >= 0 ? covariance : null, Number(row, Score), (PoseStatus)data.Table.GetInteger(row, Status));
        })];
    }
}
