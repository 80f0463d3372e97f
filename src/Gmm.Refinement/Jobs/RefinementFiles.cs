using System.Globalization;
using System.Text.Json;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The files of a refinement: one set per iteration in RELION's spirit, then the final ones. Each is written whole or not at all.</summary>
internal sealed class RefinementFiles(string folder, StarParticles particles, SolventMask? focus = null)
{
    private const string Score = "gmmPoseScore";
    private const string RotationSigma = "gmmPoseRotationSigma";
    private const string ShiftSigma = "gmmPoseShiftSigma";
    private const string Status = "gmmPoseStatus";

    public string RunRecord => In("run.json");

    private string Mask => In("run_mask.mrc");

    public bool HasAny => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "run*").Any();

    public string In(string name) => Path.Combine(folder, name);

    /// <summary>Removes what an earlier run left, so that nothing of it is taken for this one's.</summary>
    public void RemoveAll()
    {
        if (Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "run*").Concat(Directory.EnumerateFiles(folder, "fsc.*")).ToArray())
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Writes an iteration; the state file comes last.</summary>
    public void Write(RefinementState state, string settings)
    {
        var n = state.Iteration;
        if (n == 0)
        {
            MrcFile.WriteMap(Mask, state.Mask, overwrite: true);
        }

        if (state.RestMaps is { } rest)
        {
            MrcFile.WriteMap(In("run_rest_half1_unfil.mrc"), rest.Half1, overwrite: true);
            MrcFile.WriteMap(In("run_rest_half2_unfil.mrc"), rest.Half2, overwrite: true);
        }

        MrcFile.WriteMap(Name(n, "half1_unfil.mrc"), state.Maps.Half1, overwrite: true);
        MrcFile.WriteMap(Name(n, "half2_unfil.mrc"), state.Maps.Half2, overwrite: true);
        if (state.Models is { } models)
        {
            GaussianModelFile.Write(Name(n, "model_half1.star"), models.Half1, overwrite: true);
            GaussianModelFile.Write(Name(n, "model_half2.star"), models.Half2, overwrite: true);
        }

        WriteFsc(Name(n, "fsc.star"), state);
        particles.WriteStar(Name(n, "data.star"), state.Poses, Columns(state.Particles), overwrite: true);
        var file = new StateFile { Settings = settings, Record = IterationRecord.Of(state) };
        AtomicOutput.Write(Name(n, "state.json"), true, stream => JsonSerializer.Serialize(stream, file, JobJson.Default.StateFile));
    }

    /// <summary>Copies the last iteration's files to their final names and writes the final FSC.</summary>
    public void WriteFinal(RefinementState state)
    {
        Copy(Name(state.Iteration, "data.star"), In("run_data.star"));
        foreach (var half in new[] { "half1", "half2" })
        {
            Copy(Name(state.Iteration, half + "_unfil.mrc"), In($"run_{half}_unfil.mrc"));
            if (state.Models is not null)
            {
                Copy(Name(state.Iteration, $"model_{half}.star"), In($"run_model_{half}.star"));
            }
        }

        if (focus is not null)
        {
            MrcFile.WriteMap(In("run_focus_mask.mrc"), focus, overwrite: true);
        }

        WriteFsc(In("fsc.star"), state);
        FscFile.WriteXml(In("fsc.xml"), state.Fsc.Corrected.Frequencies, state.Fsc.Corrected.Values, "gmm masked-corrected FSC", overwrite: true);
    }

    public void WriteRecord(RunRecord record) =>
        AtomicOutput.Write(RunRecord, true, stream => JsonSerializer.Serialize(stream, record, JobJson.Default.RunRecord));

    /// <summary>The records of all complete iterations, in order, from 0; a gap ends the list.</summary>
    public List<StateFile> ReadRecords()
    {
        var records = new List<StateFile>();
        for (var n = 0; File.Exists(Name(n, "state.json")); n++)
        {
            var file = RecordFile.Read(Name(n, "state.json"), JobJson.Default.StateFile, "a state of a refinement");
            new RecordCheck(Name(n, "state.json"), "record.iteration").Require(file.Record.Iteration == n, $"is {file.Record.Iteration}, not {n} as the file's name says");
            records.Add(file);
        }

        return records;
    }

    /// <summary>Reads an iteration back.</summary>
    public RefinementState Read(IterationRecord record, RefinementLoop loop, SolventMask? mask, double pixelSize)
    {
        var n = record.Iteration;
        var halves = new HalfMap[2];
        for (var h = 0; h < 2; h++)
        {
            // The header's pixel size is float32; the run goes on with the particles' own.
            var map = MrcFile.ReadMap(Name(n, $"half{h + 1}_unfil.mrc"));
            halves[h] = new HalfMap(map.Size, pixelSize, map.Voxels, h + 1);
        }

        if (mask is null)
        {
            var read = MrcFile.ReadMask(Mask);
            mask = new SolventMask(read.Size, pixelSize, read.Voxels);
        }

        (GaussianModel, GaussianModel)? models = n == 0 ? null
            : (GaussianModelFile.Read(Name(n, "model_half1.star")), GaussianModelFile.Read(Name(n, "model_half2.star")));
        return loop.Restore(
            n, ReadParticles(Name(n, "data.star")), HalfMapPair.Of(halves[0], halves[1], particles.Particles), mask, models, (record.Limit, record.PreviousLimit), record.Statistics, record.Focus);
    }

    private string Name(int iteration, string end) => In(string.Create(CultureInfo.InvariantCulture, $"run_it{iteration:D3}_{end}"));

    private static void Copy(string from, string to) => AtomicOutput.Write(to, true, stream =>
    {
        using var source = File.OpenRead(from);
        source.CopyTo(stream);
    });

    private static void WriteFsc(string path, RefinementState state)
    {
        var fsc = state.Fsc;
        FscFile.WriteStar(
            path,
            fsc.Unmasked.Frequencies,
            [
                new FscColumn(FscFile.Corrected, fsc.Corrected.Values),
                new FscColumn(FscFile.Unmasked, fsc.Unmasked.Values),
                new FscColumn(FscFile.Masked, fsc.Masked.Values),
                new FscColumn(FscFile.PhaseRandomized, fsc.Randomised.Values),
            ],
            [new StarPair("rlnFinalResolution", state.Resolution.ToString("F6", CultureInfo.InvariantCulture))],
            overwrite: true);
    }

    private static StarColumn[] Columns(IReadOnlyList<ParticleResult> results) =>
    [
        StarColumn.FromNumbers(Score, [.. results.Select(r => Finite(r.Correlation))]),
        StarColumn.FromNumbers(RotationSigma, [.. results.Select(r => Finite(r.RotationSigmaDegrees))]),
        StarColumn.FromNumbers(ShiftSigma, [.. results.Select(r => Finite(r.ShiftSigmaAngstrom))]),
        StarColumn.FromIntegers(Status, [.. results.Select(r => (int)r.Status)]),
    ];

    /// <summary>STAR readers of other programs stumble over nan: what is not known is written as -1, which no real value is.</summary>
    private static double Finite(double value) => double.IsFinite(value) ? value : -1;

    private ParticleResult[] ReadParticles(string path)
    {
        // As the input was read: a pixel size given there is the unit of origins in pixels; a flat file does not say how large its images are.
        using var data = StarParticles.Open(
            path, particles.Options with { RequireImages = false, RequireCtf = false, ImageSize = particles.OpticsGroups[0].ImageSize });
        if (data.Particles.Count != particles.Particles.Count)
        {
            throw new InvalidInputException($"has {data.Particles.Count} particles, the input {particles.Particles.Count}: the input changed since the run", path);
        }

        double Number(int row, string label) => data.Table.GetDouble(row, label);
        return [.. data.Particles.Select((p, i) => new ParticleResult(
            p.Pose, Number(i, Score), Number(i, RotationSigma), Number(i, ShiftSigma), (PoseStatus)data.Table.GetInteger(i, Status)))];
    }
}
