using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The files of a refinement of patches or bodies. Each is written whole or not at all; the state file of an iteration comes last.</summary>
internal sealed class PatchFiles(RunFolder folder, StarParticles particles, bool bodies)
{
    public const string Mask = "run_mask.mrc";
    public const string Composite = "composite.mrc";
    public const string CompositeMasked = "composite_masked.mrc";
    public const string CompositeFsc = "composite_fsc.star";
    public const string Provenance = "provenance.json";

    private const string Score = "gmmPoseScore";
    private const string RotationSigma = "gmmPoseRotationSigma";
    private const string ShiftSigma = "gmmPoseShiftSigma";
    private const string Status = "gmmPoseStatus";
    private const string Step = "gmmPatchStep";
    private const string Covariance = "gmmPatchCovariance";
    private static readonly string[] Axes = ["RotX", "RotY", "RotZ", "ShiftX", "ShiftY"];

    private static readonly string[] s_iterated = ["data.star", "half1_unfil.mrc", "half2_unfil.mrc"];
    private static readonly string[] s_final = ["data.star", "half1_unfil.mrc", "half2_unfil.mrc", "fsc.star"];

    /// <summary>What is written too where the particles came from cryoSPARC.</summary>
    private static readonly string[] s_cryosparc = ["data.cs", "data.csg"];

    /// <summary>A file of a part, from the folder: patch01/run_data.star, or body01_data.star.</summary>
    public static string Of(string part, bool bodies, string what) => bodies ? $"{part}_{what}" : what == "mask.mrc" ? $"{part}/{what}" : $"{part}/run_{what}";

    /// <summary>The names of all files of a run.</summary>
    /// <param name="parts">The parts' names.</param>
    /// <param name="bodies">Whether they are bodies.</param>
    /// <param name="iterations">Iterations, that of the consensus too.</param>
    public static IEnumerable<string> Names(IEnumerable<string> parts, bool bodies, int iterations)
    {
        var numbers = Enumerable.Range(0, iterations).ToArray();
        return
        [
            Mask, Consensus(1), Consensus(2), .. numbers.SelectMany(n => new[] { StateName(n), PosesName(n) }),
            .. parts.SelectMany(
                p => s_final.Concat(s_cryosparc).Append("mask.mrc").Select(f => Of(p, bodies, f))
                    .Concat(numbers.SelectMany(n => s_iterated.Select(f => Iterated(n, p, bodies, f))))),
            CompositeHalf(1), CompositeHalf(2), Composite, CompositeMasked, CompositeFsc, Provenance,
        ];
    }

    public string Of(Patch patch, string what) => Of(patch.Name, bodies, what);

    public static string Consensus(int half) => $"consensus_half{half}_unfil.mrc";

    public static string CompositeHalf(int half) => $"composite_half{half}_unfil.mrc";

    public void Write(PatchState state)
    {
        if (state.Iteration == 0)
        {
            folder.Claim([Mask, Consensus(1), Consensus(2), .. state.Patches.Select(p => Of(p, "mask.mrc"))]);
            MrcFile.WriteMap(folder.In(Mask), state.Solvent, overwrite: true);
            MrcFile.WriteMap(folder.In(Consensus(1)), state.Consensus.Half1, overwrite: true);
            MrcFile.WriteMap(folder.In(Consensus(2)), state.Consensus.Half2, overwrite: true);
            foreach (var patch in state.Patches)
            {
                MrcFile.WriteMap(folder.In(Of(patch, "mask.mrc")), patch.Mask, overwrite: true);
            }
        }

        WriteState(StateName(state.Iteration), state);
        folder.Seal([
            StateName(state.Iteration),
            .. state.Iteration == 0 ? [Mask, Consensus(1), Consensus(2), .. state.Patches.Select(p => Of(p, "mask.mrc"))] : Array.Empty<string>(),
        ]);
        RemoveMaps(state.Iteration - 1, state.Patches);
    }

    /// <summary>Writes the poses of an iteration whose maps are still to be made.</summary>
    public void WritePoses(PatchState state)
    {
        folder.Claim(state.Patches.Select(p => Iterated(state.Iteration, p, "data.star")));
        for (var k = 0; k < state.Patches.Count; k++)
        {
            particles.WriteStar(
                In(state.Iteration, state.Patches[k], "data.star"), [.. state.Estimates[k].Select(e => e.Pose)], Columns(state.Estimates[k]), overwrite: true);
        }

        WriteState(PosesName(state.Iteration), state);
        folder.Seal(state.Patches.Select(p => Iterated(state.Iteration, p, "data.star")).Append(PosesName(state.Iteration)));
    }

    /// <summary>The poses of the iteration after a state, where they were written before a run was stopped; null where not.</summary>
    public PatchState? ReadPoses(PatchState state)
    {
        var iteration = state.Iteration + 1;
        if (!folder.IsSealed(PosesName(iteration)))
        {
            return null;
        }

        var file = ReadState(PosesName(iteration), iteration);
        new RecordCheck(folder.In(PosesName(iteration)), "patches").Count(file.Patches.Count, state.Patches.Count);

        return state with
        {
            Iteration = iteration,
            Estimates = [.. state.Patches.Select(p => ReadEstimates(iteration, p))],
            Statistics = file.Statistics,
            Motions = Motions(file, state.Patches),
            Maps = [],
            Models = null,
            Times = default,
        };
    }

    /// <summary>Writes the half maps of a patch.</summary>
    public void WriteMaps(PatchState state, int patch, HalfMapPair maps)
    {
        string[] names =
        [
            Iterated(state.Iteration, state.Patches[patch], "half1_unfil.mrc"), Iterated(state.Iteration, state.Patches[patch], "half2_unfil.mrc"),
        ];
        folder.Claim(names);
        MrcFile.WriteMap(folder.In(names[0]), maps.Half1, overwrite: true);
        MrcFile.WriteMap(folder.In(names[1]), maps.Half2, overwrite: true);
        folder.Seal(names);
    }

    /// <summary>The half maps of a patch, where they were written before a run was stopped; null where not.</summary>
    public HalfMapPair? ReadMaps(PatchState state, int patch, double pixelSize)
    {
        var (half1, half2) = (
            Iterated(state.Iteration, state.Patches[patch], "half1_unfil.mrc"), Iterated(state.Iteration, state.Patches[patch], "half2_unfil.mrc"));
        return folder.IsSealed(half1) && folder.IsSealed(half2) ? ReadPair(half1, half2, pixelSize) : null;
    }

    /// <summary>The state file of the last complete iteration, or null.</summary>
    public PatchStateFile? ReadLast()
    {
        var last = -1;
        while (folder.IsSealed(StateName(last + 1)))
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
        SolventMask ReadMask(string name) => MrcFile.ReadMask(folder.Sealed(name), pixelSize);
        Patch[] patches = [.. file.Patches.Select(p => new Patch(p.Name, ReadMask(Of(p.Name, bodies, "mask.mrc")), p.Centre[0], p.Centre[1], p.Centre[2]))];
        var solvent = ReadMask(Mask);
        var consensus = ReadPair(Consensus(1), Consensus(2), pixelSize);
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
            Motions = Motions(file, patches),
            Limit = file.Limit,
            Estimates = maps.Length == 0 ? [] : [.. patches.Select(p => ReadEstimates(file.Iteration, p))],
            Statistics = file.Statistics,
        };
    }

    /// <summary>Writes the final files, from the state itself: what lies on disk may be another's. Half maps of the iteration go, part by part.</summary>
    public void WriteFinal(PatchState state)
    {
        folder.Claim([
            .. state.Patches.SelectMany(p => s_final.Concat(particles.AreCryosparcs ? s_cryosparc : []).Select(f => Of(p, f))),
            CompositeHalf(1), CompositeHalf(2), Composite, CompositeMasked, CompositeFsc,
        ]);
        for (var k = 0; k < state.Patches.Count; k++)
        {
            var patch = state.Patches[k];
            Pose[] poses = [.. state.Estimates[k].Select(e => e.Pose)];
            particles.WriteStar(folder.In(Of(patch, "data.star")), poses, Columns(state.Estimates[k]), overwrite: true);
            if (particles.AreCryosparcs)
            {
                particles.WriteCryosparc(folder.In(Of(patch, s_cryosparc[0])), poses, overwrite: true);
            }

            MrcFile.WriteMap(folder.In(Of(patch, "half1_unfil.mrc")), state.Maps[k].Half1, overwrite: true);
            MrcFile.WriteMap(folder.In(Of(patch, "half2_unfil.mrc")), state.Maps[k].Half2, overwrite: true);
            folder.Seal(Of(patch, "half1_unfil.mrc"), Of(patch, "half2_unfil.mrc"));
            folder.Remove(s_iterated.Where(f => f != "data.star").Select(f => Iterated(state.Iteration, patch, f)));
        }

        MrcFile.WriteMap(folder.In(CompositeHalf(1)), state.Composite.Half1, overwrite: true);
        MrcFile.WriteMap(folder.In(CompositeHalf(2)), state.Composite.Half2, overwrite: true);
    }

    public void WriteRecord(PatchProvenance record) =>
        RecordOutput.Write(folder.Claim(Provenance), record, PatchJson.Default.PatchProvenance);

    private void WriteState(string name, PatchState state)
    {
        var file = new PatchStateFile
        {
            Iteration = state.Iteration,
            Limit = state.Limit,
            Resolution = state.Fsc.Resolution,
            Patches = [.. state.Patches.Select(p => new PatchPlace(p.Name, [p.X, p.Y, p.Z]))],
            Motions = new(Covariances(state.Motions[0]), Covariances(state.Motions[1])),
            Statistics = state.Statistics,
        };
        RecordOutput.Write(folder.Claim(name), file, PatchJson.Default.PatchStateFile);
    }

    private static double[][] Covariances(IEnumerable<RigidMotionPrior> motions) => [.. motions.Select(m => m.Covariance.ToArray())];

    private static RigidMotionPrior[][] Motions(PatchStateFile file, IReadOnlyList<Patch> patches) =>
        [.. file.Motions.Both.Select(half => half.Select((covariance, k) => new RigidMotionPrior(patches[k].Centre, covariance)).ToArray())];

    private PatchStateFile ReadState(string name, int iteration)
    {
        var path = folder.Sealed(name);
        var file = RecordFile.Read(path, PatchJson.Default.PatchStateFile, "a state of a refinement of patches");
        new RecordCheck(path, "iteration").Require(file.Iteration == iteration, $"is {file.Iteration}, not {iteration} as the file's name says");
        return file;
    }

    private static string PosesName(int iteration) => string.Create(CultureInfo.InvariantCulture, $"{JobFolders.Iterations}run_it{iteration:D3}_poses.json");

    /// <summary>The states of the iterations that are whole, from 0; of a folder that a job may still work in.</summary>
    /// <param name="find">The path of a file of the run; null if it is not there.</param>
    /// <exception cref="InvalidInputException">A state is broken.</exception>
    public static IReadOnlyList<PatchStateFile> ReadStates(Func<string, string?> find)
    {
        var states = new List<PatchStateFile>();
        while (find(StateName(states.Count)) is { } path)
        {
            states.Add(RecordFile.Read(path, PatchJson.Default.PatchStateFile, "a state of a refinement of patches"));
        }

        return states;
    }

    private static string StateName(int iteration) => string.Create(CultureInfo.InvariantCulture, $"{JobFolders.Iterations}run_it{iteration:D3}_state.json");

    private static string Iterated(int iteration, string part, bool bodies, string what) =>
        JobFolders.Iterations + Of(part, bodies, string.Create(CultureInfo.InvariantCulture, $"it{iteration:D3}_{what}"));

    private string Iterated(int iteration, Patch patch, string what) => Iterated(iteration, patch.Name, bodies, what);

    private string In(int iteration, Patch patch, string what) => folder.In(Iterated(iteration, patch, what));

    /// <summary>A half map of the last iteration, which a finished run has under its final name.</summary>
    private string MapOf(int iteration, Patch patch, string what) =>
        folder.Has(Iterated(iteration, patch, what)) ? Iterated(iteration, patch, what) : Of(patch, what);

    /// <summary>Half maps of an earlier iteration are not needed to go on, and are most of the disk space; poses are kept.</summary>
    private void RemoveMaps(int iteration, IReadOnlyList<Patch> patches) =>
        folder.Remove(patches.SelectMany(p => s_iterated.Where(f => f != "data.star").Select(f => Iterated(iteration, p, f))));

    private HalfMapPair ReadPair(string half1, string half2, double pixelSize)
    {
        // The header's pixel size is float32; the run goes on with the particles' own.
        return HalfMapPair.Of(
            MrcFile.ReadHalfMap(folder.Sealed(half1), 1, pixelSize), MrcFile.ReadHalfMap(folder.Sealed(half2), 2, pixelSize), particles.Particles);
    }

    private static StarColumn[] Columns(PatchEstimate[] estimates)
    {
        double Element(PatchEstimate e, int i, int j) => e.Covariance is { } c ? c[(i * Axes.Length) + j] : -1;
        StarColumn Number(string label, Func<PatchEstimate, double> value) =>
            new(label, [.. estimates.Select(value).Select(PatchEstimate.Text)]);
        return
        [
            Number(Score, e => e.Correlation),
            Number(RotationSigma, e => e.RotationSigmaDegrees),
            Number(ShiftSigma, e => e.ShiftSigmaAngstrom),
            StarColumn.FromIntegers(Status, [.. estimates.Select(e => (int)e.Status)]),
            .. Enumerable.Range(0, Axes.Length).Select(i => Number(Step + Axes[i], e => e.Step[i])),
            .. Enumerable.Range(0, Axes.Length)
                .SelectMany(i => Enumerable.Range(i, Axes.Length - i).Select(j => Number($"{Covariance}{i + 1}{j + 1}", e => Element(e, i, j)))),
        ];
    }

    private PatchEstimate[] ReadEstimates(int iteration, Patch patch)
    {
        var path = folder.Sealed(Iterated(iteration, patch, "data.star"));
        using var data = StarParticles.Open(
            path, particles.Options with { RequireImages = false, RequireCtf = false, ImageSize = particles.OpticsGroups[0].ImageSize });
        if (data.Particles.Count != particles.Particles.Count)
        {
            throw new InvalidInputException(
                $"has {data.Particles.Count} particles, the input {particles.Particles.Count}: the input changed since the run", path);
        }

        float Number(int row, string label) => data.Table.GetSingle(row, label);
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
                p.Pose, [.. Axes.Select(a => Number(row, Step + a))], covariance[0] >= 0 ? covariance : null, Number(row, Score),
                RefinementFiles.StatusOf(data.Table, row));
        })];
    }
}
