using System.Globalization;
using System.Numerics.Tensors;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The files of a refinement: one set per iteration in RELION's spirit, then the final ones. Each is written whole or not at all.</summary>
internal sealed class RefinementFiles(RunFolder folder, StarParticles particles, SolventMask? focus = null)
{
    public const string Score = "gmmPoseScore";
    public const string RotationSigma = "gmmPoseRotationSigma";
    public const string ShiftSigma = "gmmPoseShiftSigma";
    private const string Status = "gmmPoseStatus";
    private const string ScaleSigma = "gmmScaleSigma";

    /// <summary>Columns of the uncertainties of a particle's defocus and of the two parts of its astigmatism, angstrom.</summary>
    private static readonly string[] s_defocusSigma = ["gmmDefocusSigma", "gmmAstigmatismCosSigma", "gmmAstigmatismSinSigma", "gmmPhaseShiftSigma"];

    /// <summary>The solvent mask.</summary>
    public const string Mask = "run_mask.mrc";

    /// <summary>The mask of the region of a focused run.</summary>
    public const string FocusMask = "run_focus_mask.mrc";

    /// <summary>The mean of the half maps, sharpened and filtered.</summary>
    public const string Sharpened = "run.mrc";

    /// <summary>The same times the mask.</summary>
    public const string SharpenedMasked = "run_masked.mrc";

    /// <summary>The final curves.</summary>
    public const string Fsc = "fsc.star";

    private const string RunRecord = "run.json";
    private const string Cryosparc = "run_data.cs";
    private static readonly string[] s_rest = ["run_rest_half1_unfil.mrc", "run_rest_half2_unfil.mrc"];
    private static readonly string[] s_parts =
    [
        "half1_unfil.mrc", "half2_unfil.mrc", "model_half1.star", "model_half2.star", "fsc.star", "data.star", "state.json",
    ];
    private static readonly string[] s_final =
    [
        "run_data.star", Half(1), Half(2), Sharpened, SharpenedMasked, "run_model_half1.star", "run_model_half2.star", Fsc, "fsc.xml",
    ];


    /// <summary>What is written too where the particles came from cryoSPARC.</summary>
    private static readonly string[] s_cryosparc = [Cryosparc, "run_data.csg"];

    private readonly ModelOrigin?[] _origins = new ModelOrigin?[2];

    /// <summary>The names of all files of a run.</summary>
    /// <param name="iterations">Iterations, that of the starting poses too.</param>
    /// <param name="focused">Whether it has a focus mask, and perhaps a consensus of its own.</param>
    public static IEnumerable<string> Names(int iterations, bool focused) =>
        [
            Mask, .. focused ? s_rest.Append(FocusMask) : [], .. Enumerable.Range(0, iterations).SelectMany(n => s_parts.Select(p => Name(n, p))), .. s_final,
            .. s_cryosparc, RunRecord,
        ];

    /// <summary>A final half map.</summary>
    public static string Half(int half) => $"run_half{half}_unfil.mrc";

    /// <summary>Writes an iteration; the state file comes last.</summary>
    /// <param name="state">The iteration.</param>
    /// <param name="factor">By what each image was multiplied as it was read, to write rlnCtfScalefactor; null leaves that column alone.</param>
    public void Write(RefinementState state, Func<int, double>? factor)
    {
        var n = state.Iteration;
        string[] own =
            [
                .. n == 0 ? [Mask] : Array.Empty<string>(),
                .. s_parts.Where(p => state.Models is not null || !p.StartsWith("model", StringComparison.Ordinal)).Select(p => Name(n, p)),
            ];
        folder.Claim([.. own, .. state.RestMaps is null ? [] : s_rest]);
        if (n == 0)
        {
            MrcFile.WriteMap(folder.In(Mask), state.Mask, overwrite: true);
        }

        if (state.RestMaps is { } rest)
        {
            MrcFile.WriteMap(folder.In(s_rest[0]), rest.Half1, overwrite: true);
            MrcFile.WriteMap(folder.In(s_rest[1]), rest.Half2, overwrite: true);
        }

        MrcFile.WriteMap(In(n, "half1_unfil.mrc"), state.Maps.Half1, overwrite: true);
        MrcFile.WriteMap(In(n, "half2_unfil.mrc"), state.Maps.Half2, overwrite: true);
        if (state.Models is { } models)
        {
            GaussianModelFile.Write(In(n, "model_half1.star"), models.Half1, overwrite: true, Origin(1));
            GaussianModelFile.Write(In(n, "model_half2.star"), models.Half2, overwrite: true, Origin(2));
        }

        FscTable.Write(In(n, "fsc.star"), state.Fsc);
        WriteParticles(In(n, "data.star"), state, factor);
        var file = new StateFile { Record = IterationRecord.Of(state) };
        RecordOutput.Write(In(n, "state.json"), file, JobJson.Default.StateFile);
        folder.Seal(own);
    }

    /// <summary>Announces the final files.</summary>
    public void ClaimFinal(RefinementState state) => folder.Claim([
        .. s_final.Where(f => state.Models is not null || !f.Contains("model", StringComparison.Ordinal)),
        .. focus is null ? Array.Empty<string>() : [FocusMask],
        .. particles.AreCryosparcs ? s_cryosparc : [],
    ]);

    /// <summary>Writes a final half map, on the voxels of the images.</summary>
    public void WriteHalf(HalfMap half) => MrcFile.WriteMap(folder.In(Half(half.Half)), half, overwrite: true);

    /// <summary>Reads it back.</summary>
    public HalfMap ReadHalf(int half, double pixelSize) => MrcFile.ReadHalfMap(folder.In(Half(half)), half, pixelSize);

    /// <summary>Writes the other final files, from the state itself: what lies on disk may be another's.</summary>
    /// <param name="state">The last iteration.</param>
    /// <param name="sharpened">Its map as people look at it; used up.</param>
    /// <param name="mask">What it is multiplied by for the masked map.</param>
    /// <param name="factor">As above.</param>
    public void WriteFinal(RefinementState state, DensityMap sharpened, SolventMask mask, Func<int, double>? factor)
    {
        var written = WriteParticles(folder.In("run_data.star"), state, factor);
        if (written.AreCryosparcs)
        {
            written.WriteCryosparc(folder.In(Cryosparc), state.Poses, overwrite: true);
        }

        MrcFile.WriteMap(folder.In(Sharpened), sharpened, overwrite: true);
        TensorPrimitives.Multiply(sharpened.Voxels, mask.Voxels, sharpened.Voxels);
        MrcFile.WriteMap(folder.In(SharpenedMasked), sharpened, overwrite: true);
        if (state.Models is { } models)
        {
            GaussianModelFile.Write(folder.In("run_model_half1.star"), models.Half1, overwrite: true, Origin(1));
            GaussianModelFile.Write(folder.In("run_model_half2.star"), models.Half2, overwrite: true, Origin(2));
        }

        if (focus is not null)
        {
            MrcFile.WriteMap(folder.In(FocusMask), focus, overwrite: true);
        }

        FscTable.Write(folder.In(Fsc), state.Fsc);
        FscFile.WriteXml(folder.In("fsc.xml"), state.Fsc.Corrected.Frequencies, state.Fsc.Corrected.Values, "gmm masked-corrected FSC", overwrite: true);
    }

    public void WriteRecord(RunRecord record) =>
        RecordOutput.Write(folder.Claim(RunRecord), record, JobJson.Default.RunRecord);

    /// <summary>The records of all complete iterations, in order, from 0; a gap ends the list.</summary>
    public List<StateFile> ReadRecords()
    {
        var records = new List<StateFile>();
        for (var n = 0; folder.IsSealed(Name(n, "state.json")); n++)
        {
            records.Add(ReadState(Sealed(n, "state.json"), n));
        }

        return records;
    }

    /// <summary>Reads the record of an iteration.</summary>
    public static StateFile ReadState(string path, int iteration)
    {
        var file = RecordFile.Read(path, JobJson.Default.StateFile, "a state of a refinement");
        new RecordCheck(path, "record.iteration").Require(
            file.Record.Iteration == iteration, $"is {file.Record.Iteration}, not {iteration} as the file's name says");
        return file;
    }

    /// <summary>Reads an iteration back.</summary>
    public RefinementState Read(IterationRecord record, RefinementLoop loop, SolventMask? mask, double pixelSize)
    {
        var n = record.Iteration;
        var imageSize = particles.OpticsGroups[0].ImageSize;
        var halves = new HalfMap[2];
        for (var h = 0; h < 2; h++)
        {
            // The header's pixel size is float32; the run goes on with the particles' own, or that of as many angstrom in fewer voxels.
            var map = MrcFile.ReadHalfMap(Sealed(n, $"half{h + 1}_unfil.mrc"), h + 1, pixelSize);
            halves[h] = map.Size == imageSize ? map : new HalfMap(map.Size, imageSize * pixelSize / map.Size, map.Voxels, h + 1);
        }

        mask ??= MrcFile.ReadMask(folder.Sealed(Mask), pixelSize);
        (GaussianModel, GaussianModel)? models = n == 0 ? null
            : (GaussianModelFile.Read(Sealed(n, "model_half1.star")), GaussianModelFile.Read(Sealed(n, "model_half2.star")));
        var (results, optics) = ReadParticles(Sealed(n, "data.star"), loop.EstimatesOptics);
        return loop.Restore(
            n, results, loop.Pair(halves[0], halves[1]), mask, models, (record.Limit, record.PreviousLimit), record.Statistics, record.Focus, optics,
            record.Optics, record.Ewald);
    }

    /// <summary>Which particles a half's model is of; they do not change in a run.</summary>
    private ModelOrigin Origin(int half) => (_origins[half - 1] ??= ModelOrigin.Of(
        half,
        Enumerable.Range(0, particles.Particles.Count)
            .Where(i => particles.Particles[i].Half == half)
            .Select(i => particles.Table.GetText(i, "rlnImageName"))));

    /// <summary>How the refinement of a particle's pose ended, as its row says.</summary>
    public static PoseStatus StatusOf(StarTable table, int row)
    {
        var status = (PoseStatus)table.GetInteger(row, Status);
        return Enum.IsDefined(status) ? status : throw table.Error($"{(int)status} is no status of a pose", row, Status);
    }

    /// <summary>A file of an iteration, from the run's folder.</summary>
    public static string Name(int iteration, string end) => string.Create(CultureInfo.InvariantCulture, $"{JobFolders.Iterations}run_it{iteration:D3}_{end}");

    private string In(int iteration, string end) => folder.In(Name(iteration, end));

    private string Sealed(int iteration, string end) => folder.Sealed(Name(iteration, end));

    private StarParticles WriteParticles(string path, RefinementState state, Func<int, double>? factor)
    {
        var columns = Columns(state.Particles, factor);
        var written = particles;
        if (state.Optics is { } optics)
        {
            written = particles.WithOptics(optics.Groups, optics.GroupOf, optics.Ctf);
            // Of phase shifts only where there are any.
            columns =
            [
                .. columns,
                .. s_defocusSigma.Select((label, c) => StarColumn.FromNumbers(label, optics.Sigma.Count, i => optics.Sigma[i][c]))
                    .Take(optics.Sigma.Any(s => s.Phase > 0) ? Defocus.Count : Defocus.Lengths),
            ];
        }

        written.WriteStar(path, state.Poses, columns, overwrite: true);
        return written;
    }

    private static StarColumn[] Columns(IReadOnlyList<ParticleResult> results, Func<int, double>? factor)
    {
        StarColumn Numbers(string label, Func<ParticleResult, double> value) => StarColumn.FromNumbers(label, results.Count, i => value(results[i]));
        return
        [
            Numbers(Score, r => Finite(r.Correlation)),
            Numbers(RotationSigma, r => Finite(r.RotationSigmaDegrees)),
            Numbers(ShiftSigma, r => Finite(r.ShiftSigmaAngstrom)),
            StarColumn.FromIntegers(Status, results.Count, i => (int)results[i].Status),
            Numbers(StarParticles.ScaleLabel, r => r.Scale),
            Numbers(ScaleSigma, r => Finite(r.ScaleSigma)),
            Numbers(StarParticles.WeightLabel, r => r.Weight),
            .. factor is null
                ? Array.Empty<StarColumn>()
                : [StarColumn.FromNumbers(StarParticles.CtfScaleLabel, results.Count, i => results[i].Scale / factor(i))],
        ];
    }

    /// <summary>STAR readers of other programs stumble over nan: what is not known is written as -1, which no real value is.</summary>
    private static double Finite(double value) => double.IsFinite(value) ? value : -1;

    private (ParticleResult[] Results, OpticsState? Optics) ReadParticles(string path, bool hasOptics)
    {
        // As the input was read: a pixel size given there is the unit of origins in pixels; a flat file does not say how large its images are.
        using var data = StarParticles.Open(
            path, particles.Options with { RequireImages = false, RequireCtf = false, ImageSize = particles.OpticsGroups[0].ImageSize });
        if (data.Particles.Count != particles.Particles.Count)
        {
            throw new InvalidInputException(
                $"has {data.Particles.Count} particles, the input {particles.Particles.Count}: the input changed since the run", path);
        }

        double Number(int row, string label) => data.Table.GetDouble(row, label);
        ParticleResult[] results = [.. data.Particles.Select((p, i) => new ParticleResult(
            p.Pose, Number(i, Score), Number(i, RotationSigma), Number(i, ShiftSigma), StatusOf(data.Table, i))
        {
            Scale = p.Ctf.ScaleFactor,
            ScaleSigma = Number(i, ScaleSigma),
            Weight = p.Weight,
        })];
        return (results, !hasOptics ? null : new OpticsState(
            data.OpticsGroups,
            [.. data.Particles.Select(p => p.OpticsIndex)],
            [.. data.Particles.Select((p, i) => p.Ctf with { ScaleFactor = particles.Particles[i].Ctf.ScaleFactor })],
            [.. Enumerable.Range(0, results.Length).Select(i => new Defocus(
                Number(i, s_defocusSigma[0]), Number(i, s_defocusSigma[1]), Number(i, s_defocusSigma[2]),
                data.Table.Contains(s_defocusSigma[3]) ? Number(i, s_defocusSigma[3]) : 0))]));
    }
}
