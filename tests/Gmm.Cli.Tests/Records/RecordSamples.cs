using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli.Tests;

/// <summary>One whole example of every record that is read, as it is written.</summary>
internal static class RecordSamples
{
    private static readonly EpochRecord Epoch =
        new() { Epoch = 0, Stage = "closed form", HeldOutGain = 1.5, HeldOutError = 0.2, TrainingGain = double.NaN, Seconds = 1 };

    public static readonly HalfTraining Training = new()
    {
        Half = 1,
        Particles = 30,
        HeldOut = 5,
        Epochs = [Epoch, Epoch with { Epoch = 1, Stage = "network", TrainingGain = 2 }],
        BestEpoch = 1,
        Stopped = "finished",
        ParticlesPerSecond = 10,
        LinearSignals = [1, 0.5],
    };

    public static readonly TrainingPosition Position = new()
    {
        Networks = true,
        Done = 1,
        WithoutGain = 0,
        Epochs = [Epoch],
        BestEpoch = 0,
        BestUsesNetworks = false,
        Steps = [1, 1, 1, 1],
    };

    private static readonly MotionMode Mode = new() { RmsAngstrom = 1, RotationDegrees = 2, Axis = [0, 0, 1], ShiftAngstrom = 0.5, Direction = [1, 0, 0] };

    private static readonly HalfMotion Motion = new() { Covariance = Unit(), Modes = [Mode] };

    private static readonly IterationRecord Iteration = new()
    {
        Iteration = 1,
        Resolution = 5,
        Limit = 4.5,
        PreviousLimit = 5,
        Statistics = new IterationStatistics { MeanCorrelation = 0.3, Gaussians = new(5, 6), ModelFsc = new(0.9, 0.91), MeanSteps = 3 },
        Focus = new FocusRecord
        {
            Motion = new(Motion, Motion),
            RotationRmsDegrees = 1,
            ShiftRmsAngstrom = 1,
            MovementRmsAngstrom = 1,
            Agreement = 0.5,
            Signal = true,
        },
        Symmetry = new SymmetryCheck("D2", 0.9, 8),
        Images = new ImageReport
        {
            Images = 30,
            Constant = 1,
            FirstConstant = "a.star, row 3",
            Contrast = new ContrastEvidence { Images = 29, ImagesZ = 12, MapSkewness = 2, ModelCorrelation = 0.8, Inverted = false },
        },
    };

    private static readonly PatchRecord Patch = new()
    {
        Name = "patch01",
        Mask = "patch01/mask.mrc",
        Particles = "p.star",
        Half1 = "h1.mrc",
        Half2 = "h2.mrc",
        Fsc = "fsc.star",
        Centre = [1, 2, 3],
        Resolution = 5,
        ConsensusResolution = 6,
        MedianRotation = 1,
        MedianShift = 1,
        MedianRotationSigma = double.NaN,
        MedianShiftSigma = 0.1,
        HeldOutGain = 0.5,
        HeldOutError = 0.1,
        LearntRotation = new(1, 1),
        LearntShift = new(1, 1),
    };

    private static readonly LandscapeHalf Seen = new(1, 15, [2], [1], null, null);

    /// <summary>The covariance of a motion by one radian and one angstrom.</summary>
    private static double[] Unit() => [.. Enumerable.Range(0, 36).Select(i => i % 7 == 0 ? 1.0 : 0)];

    /// <summary>Name, text, and what reads it.</summary>
    public static IEnumerable<(string Name, JsonNode Json, Action<byte[]> Read)> All()
    {
        yield return Sample(JobJson.Default.RunRecord, new RunRecord
        {
            Program = "gmm",
            Version = "1",
            Runtime = ".NET",
            ParticlesFile = "a.star",
            ConsensusFile = "b.star",
            Particles = 30,
            Settings = new JsonObject { ["seed"] = 1 },
            Threads = 2,
            Iterations = [Iteration],
            Resolution = 5,
            NotRefined = 0,
            Warnings = ["w"],
            StopReason = "stationary",
            WallSeconds = 3,
            PeakRssMegabyte = 100,
        });
        yield return Sample(JobJson.Default.StateFile, new StateFile { Record = Iteration });
        yield return Sample(PatchJson.Default.PatchStateFile, new PatchStateFile
        {
            Statistics = [new PatchStatistics(1, 2, 3, 4)],
            Iteration = 1,
            Limit = 5,
            Resolution = 5,
            Patches = [new PatchPlace("patch01", [1, 2, 3])],
            Motions = new([Unit()], [Unit()]),
        });
        yield return Sample(PatchJson.Default.PatchProvenance, new PatchProvenance
        {
            Program = "gmm",
            Version = "1",
            Runtime = ".NET",
            ParticlesFile = "a.star",
            Particles = 30,
            Settings = new JsonObject { ["seed"] = 1 },
            Box = 32,
            PixelSize = 2,
            Mask = "m.mrc",
            ConsensusHalf1 = "c1.mrc",
            ConsensusHalf2 = "c2.mrc",
            ConsensusResolution = 6,
            CompositeHalf1 = "o1.mrc",
            CompositeHalf2 = "o2.mrc",
            Composite = "o.mrc",
            CompositeFsc = "o.star",
            CompositeResolution = 5,
            CompositeBFactor = -30,
            Patches = [Patch],
            RotationBetween = [[0]],
            Warnings = ["w"],
            WallSeconds = 1,
            PeakRssMegabyte = 100,
        });
        yield return Sample(HeterogeneityJson.Default.HeterogeneityRecord, new HeterogeneityRecord
        {
            ParticlesFile = "a.star",
            Root = "r",
            FocusFile = "f.mrc",
            LatentDimension = 2,
            Resolution = 7,
            Decoder = "anchors(hidden 32 64)",
            Encoder = "dense(hidden 128 64)",
            LatentRefiner = "gauss-newton(steps 2)",
            Seed = 1,
            MotionFound = true,
            Training = new(Training, Training with { Half = 2 }),
        });
        yield return Sample(LandscapeJson.Default.LandscapeRecord, new LandscapeRecord(
            30, true, new(Seen, Seen with { Half = 2 }), [new LandscapePoint(1, new([1], [2]), 20, 8)], null, null, 3, ["scores.star"]));
        yield return Sample(AutoencoderJson.Default.AutoencoderHeader, new AutoencoderHeader
        {
            Version = 2,
            Model = "ab",
            Half = 1,
            LatentDimension = 2,
            Resolution = 7,
            Decoder = "anchors(hidden 4)",
            Encoder = "dense(hidden 8 4)",
            Anchors = 8,
            AnchorWidth = 20,
            Gaussians = 30,
            Features = 51,
            UsesNetworks = true,
            Weights = [208, 472, 48, 136],
        });
        yield return Sample(TrainingJson.Default.TrainingStateHeader, new TrainingStateHeader
        {
            Blocks = new int[16],
            UsesNetworks = true,
            Position = Position,
        });
        yield return Sample(PartialSumsJson.Default.PartialSumsInfo, new PartialSumsInfo
        {
            FormatVersion = 1,
            BoxSize = 24,
            PixelSize = 2,
            PaddingFactor = 2,
            GridSize = 48,
            MaxResolution = 0,
            LastShell = 12,
            Symmetry = "C1",
            MaskCorners = true,
            Part = 1,
            Parts = 2,
            Count1 = 3,
            Count2 = 4,
            ParticlesHash = "ab",
        });
    }

    private static (string Name, JsonNode Json, Action<byte[]> Read) Sample<T>(JsonTypeInfo<T> type, T record)
        where T : class, IRecord =>
        (typeof(T).Name, JsonNode.Parse(RecordFile.ToText(record, type))!, bytes => RecordFile.Parse(bytes, type, "file.json", "a record"));
}
