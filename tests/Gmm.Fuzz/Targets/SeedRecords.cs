using System.Text;
using System.Text.Json;
using Gmm.Refinement;

namespace Gmm.Fuzz;

/// <summary>Whole records, as they are written.</summary>
internal static class SeedRecords
{
    private static readonly EpochRecord Epoch = new() { Epoch = 0, Stage = "closed form", HeldOutGain = 1.5, HeldOutError = 0.2, TrainingGain = double.NaN, Seconds = 1 };

    private static readonly MotionMode Mode = new() { RmsAngstrom = 1, RotationDegrees = 2, Axis = [0, 0, 1], ShiftAngstrom = 0.5, Direction = [1, 0, 0] };

    private static readonly HalfMotion Moved = new() { Covariance = new double[36], Modes = [Mode] };

    private static readonly IterationRecord Iteration = new()
    {
        Iteration = 1,
        Resolution = 5,
        Limit = 4.5,
        PreviousLimit = 5,
        Statistics = new IterationStatistics { MeanCorrelation = 0.3, Gaussians = (5, 6), ModelFsc = (0.9, 0.91), MeanSteps = 3 },
        Focus = new FocusRecord { Motion = [Moved, Moved], RotationRmsDegrees = 1, ShiftRmsAngstrom = 1, MovementRmsAngstrom = 1, Agreement = 0.5, Signal = true },
        Symmetry = new SymmetryCheck("D2", 0.9, 8),
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
        MedianRotationSigma = 0.2,
        MedianShiftSigma = 0.1,
        LearntRotation = [1, 1],
        LearntShift = [1, 1],
    };

    public static HalfTraining Training { get; } = new()
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

    public static TrainingPosition Position { get; } = new()
    {
        Networks = true,
        Done = 1,
        Epochs = [Epoch],
        BestEpoch = 0,
        BestUsesNetworks = false,
        Steps = [1, 1, 1, 1],
        TrainedParticles = 3,
        TrainedSeconds = 1,
    };

    public static byte[] Run => JsonSerializer.SerializeToUtf8Bytes(
        new RunRecord
        {
            Program = "gmm",
            Version = "1",
            Runtime = ".NET",
            ParticlesFile = "a.star",
            ConsensusFile = "b.star",
            Particles = 30,
            Settings = new SortedDictionary<string, string> { ["seed"] = "1" },
            Threads = 2,
            Iterations = [Iteration],
            Resolution = 5,
            NotRefined = 0,
            Warnings = ["w"],
            StopReason = "stationary",
            WallSeconds = 3,
            PeakRssMegabyte = 100,
        },
        JobJson.Default.RunRecord);

    public static byte[] State => JsonSerializer.SerializeToUtf8Bytes(new StateFile { Record = Iteration }, JobJson.Default.StateFile);

    public static byte[] PatchState => JsonSerializer.SerializeToUtf8Bytes(
        new PatchStateFile { Statistics = [new PatchStatistics(1, 2, 3, 4)], Iteration = 2, Limit = 5, Resolution = 5, Patches = [new PatchPlace("patch01", 1, 2, 3)], Motions = [[new double[36]], [new double[36]]] }, PatchJson.Default.PatchStateFile);

    public static byte[] Provenance => JsonSerializer.SerializeToUtf8Bytes(
        new PatchProvenance
        {
            Program = "gmm",
            Version = "1",
            Runtime = ".NET",
            ParticlesFile = "a.star",
            Particles = 30,
            Settings = new SortedDictionary<string, string> { ["seed"] = "1" },
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
        },
        PatchJson.Default.PatchProvenance);

    public static byte[] Heterogeneity => JsonSerializer.SerializeToUtf8Bytes(
        new HeterogeneityRecord
        {
            ParticlesFile = "a.star",
            Root = "r",
            FocusFile = "f.mrc",
            LatentDimension = 2,
            Resolution = 7,
            Decoder = DecoderKind.Anchors,
            Seed = 1,
            MotionFound = true,
            Training = [Training, Training with { Half = 2 }],
        },
        HeterogeneityJson.Default.HeterogeneityRecord);

    public static byte[] Motion => Encoding.UTF8.GetBytes(
        """
        { "domains": [
          { "name": "a", "atoms": "A:1", "hinge": { "point": [1, 2, 3], "axis": [0, 0, 1], "sd_deg": 4, "range_deg": 0, "range_A": 0 }, "jitter_deg": 1, "jitter_A": 0.5 },
          { "name": "b", "atoms": "A:101", "hinge": { "residues": "A:101", "range_A": 5 } } ] }
        """);
}
