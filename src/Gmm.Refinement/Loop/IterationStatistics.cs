using System.Text.Json.Serialization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Figures of one iteration, for its report.</summary>
public sealed record IterationStatistics : IRecord
{
    /// <summary>Median angle between a particle's pose before and after, degrees.</summary>
    [JsonPropertyName("median_rotation_change_deg"), JsonConverter(typeof(UnmeasuredNumber))]
    public double MedianRotationChangeDegrees { get; init; }

    /// <summary>Median length of the shift's change, angstrom.</summary>
    [JsonPropertyName("median_shift_change_A"), JsonConverter(typeof(UnmeasuredNumber))]
    public double MedianShiftChangeAngstrom { get; init; }

    /// <summary>Median standard deviation of the rotation, degrees; NaN where the score gives none.</summary>
    [JsonPropertyName("median_rotation_sigma_deg"), JsonConverter(typeof(UnmeasuredNumber))]
    public double MedianRotationSigmaDegrees { get; init; } = double.NaN;

    /// <summary>Mean correlation of images and projections.</summary>
    [JsonConverter(typeof(UnmeasuredNumber))]
    public double MeanCorrelation { get; init; }

    /// <summary>Mean number of optimizer steps.</summary>
    [JsonConverter(typeof(UnmeasuredNumber))]
    public double MeanSteps { get; init; }

    /// <summary>Particles that kept their pose because their image or the optimizer failed.</summary>
    public int Unrefined { get; init; }

    /// <summary>Spread of the signal's scale over the images: the standard deviation of the scales used, over their mean; 0 where none was found.</summary>
    public double ScaleSpread { get; init; }

    /// <summary>Images that weigh less than 1, but more than 0: unlike the others, by themselves or beside the model.</summary>
    public int Downweighted { get; init; }

    /// <summary>Gaussians in the two models.</summary>
    public HalfPair<int> Gaussians { get; init; } = new(0, 0);

    /// <summary>Mean map-model FSC to the resolution, of the two models; null where it could not be measured.</summary>
    public HalfPair<double?> ModelFsc { get; init; } = new(null, null);

    /// <summary>Seconds spent fitting models.</summary>
    [JsonPropertyName("fit_s")]
    public double FitSeconds { get; init; }

    /// <summary>Seconds spent refining poses.</summary>
    [JsonPropertyName("pose_s")]
    public double PoseSeconds { get; init; }

    /// <summary>Seconds spent reconstructing and comparing.</summary>
    [JsonPropertyName("reconstruction_s")]
    public double ReconstructionSeconds { get; init; }

    /// <summary>Seconds of the whole iteration.</summary>
    [JsonPropertyName("total_s")]
    public double TotalSeconds { get; init; }

    /// <summary>Particles whose pose was refined per second, all threads together.</summary>
    [JsonConverter(typeof(UnmeasuredNumber))]
    public double ParticlesPerSecond { get; init; }

    /// <summary>What an iteration did, but for its times.</summary>
    /// <param name="before">The poses it began with.</param>
    /// <param name="after">What it made of the particles.</param>
    /// <param name="estimates">What the optimizer found.</param>
    /// <param name="fits">The fits of both halves' models.</param>
    internal static IterationStatistics Of(
        IReadOnlyList<Pose> before, ParticleResult[] after, IReadOnlyList<PoseEstimate> estimates, FitResult[] fits)
    {
        double Median(Func<int, double> value) => Medians.OfFinite(Enumerable.Range(0, after.Length).Select(value));

        return new IterationStatistics
        {
            MedianRotationChangeDegrees = Median(i => after[i].Pose.Rotation.AngleTo(before[i].Rotation) * (180 / Math.PI)),
            MedianShiftChangeAngstrom = Median(i => Math.Sqrt(
                Math.Pow(after[i].Pose.ShiftX - before[i].ShiftX, 2) + Math.Pow(after[i].Pose.ShiftY - before[i].ShiftY, 2))),
            MedianRotationSigmaDegrees = Median(i => after[i].RotationSigmaDegrees),
            MeanCorrelation = estimates.Average(e => e.Score.Correlation),
            MeanSteps = estimates.Average(e => (double)e.Steps),
            Unrefined = estimates.Count(e => e.Status != PoseStatus.Refined),
            ScaleSpread = Spread([.. after.Where(p => p.Weight > 0).Select(p => p.Scale)]),
            Downweighted = after.Count(p => p.Weight is > 0 and < 1),
            Gaussians = new(fits[0].Model.Count, fits[1].Model.Count),
            ModelFsc = new(Medians.FiniteOrNull(fits[0].MeanFsc), Medians.FiniteOrNull(fits[1].MeanFsc)),
        };
    }

    /// <summary>Standard deviation over mean.</summary>
    private static double Spread(double[] values)
    {
        var mean = values.Length > 0 ? values.Average() : 0;
        return mean > 0 ? Math.Sqrt(values.Average(v => (v - mean) * (v - mean))) / mean : 0;
    }

    void IRecord.Validate(RecordCheck check)
    {
        var fsc = check["model_fsc"].Some(ModelFsc);
        var gaussians = check["gaussians"].Some(Gaussians);
        check["scale_spread"].NotNegative(ScaleSpread);
        check["downweighted"].NotNegative(Downweighted);
        check["unrefined"].NotNegative(Unrefined);
        foreach (var (value, name) in new[]
        {
            (MedianRotationChangeDegrees, "median_rotation_change_deg"), (MedianShiftChangeAngstrom, "median_shift_change_A"),
            (MedianRotationSigmaDegrees, "median_rotation_sigma_deg"), (MeanSteps, "mean_steps"), (ParticlesPerSecond, "particles_per_second"),
        })
        {
            check[name].Unknown(value);
        }

        foreach (var (value, name) in new[]
        {
            (FitSeconds, "fit_s"), (PoseSeconds, "pose_s"), (ReconstructionSeconds, "reconstruction_s"), (TotalSeconds, "total_s"),
        })
        {
            check[name].NotNegative(value);
        }

        foreach (var (value, place) in new[]
        {
            (MeanCorrelation, check["mean_correlation"]), (fsc.Half1 ?? 0, check["model_fsc"]["half1"]),
            (fsc.Half2 ?? 0, check["model_fsc"]["half2"]),
        })
        {
            place.Require(double.IsNaN(value) || Math.Abs(value) <= 1.001, "is no correlation");
        }

        check["gaussians"]["half1"].NotNegative(gaussians.Half1);
        check["gaussians"]["half2"].NotNegative(gaussians.Half2);
    }
}
