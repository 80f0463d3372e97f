using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Figures of one iteration, for its report.</summary>
public sealed record IterationStatistics : IRecord
{
    /// <summary>Median angle between a particle's pose before and after, degrees.</summary>
    public double MedianRotationChangeDegrees { get; init; }

    /// <summary>Median length of the shift's change, angstrom.</summary>
    public double MedianShiftChangeAngstrom { get; init; }

    /// <summary>Median standard deviation of the rotation, degrees; NaN where the score gives none.</summary>
    public double MedianRotationSigmaDegrees { get; init; } = double.NaN;

    /// <summary>Mean correlation of images and projections.</summary>
    public double MeanCorrelation { get; init; }

    /// <summary>Mean number of optimizer steps.</summary>
    public double MeanSteps { get; init; }

    /// <summary>Particles that kept their pose because their image or the optimizer failed.</summary>
    public int Unrefined { get; init; }

    /// <summary>Spread of the signal's scale over the images: the standard deviation of the scales used, over their mean; 0 where none was found.</summary>
    public double ScaleSpread { get; init; }

    /// <summary>Images that weigh less than 1, but more than 0: unlike the others, by themselves or beside the model.</summary>
    public int Downweighted { get; init; }

    /// <summary>Gaussians in the two models.</summary>
    public (int Half1, int Half2) Gaussians { get; init; }

    /// <summary>Mean map-model FSC to the resolution, of the two models.</summary>
    public (double Half1, double Half2) ModelFsc { get; init; }

    /// <summary>Seconds spent fitting models.</summary>
    public double FitSeconds { get; init; }

    /// <summary>Seconds spent refining poses.</summary>
    public double PoseSeconds { get; init; }

    /// <summary>Seconds spent reconstructing and comparing.</summary>
    public double ReconstructionSeconds { get; init; }

    /// <summary>Seconds of the whole iteration.</summary>
    public double TotalSeconds { get; init; }

    /// <summary>Particles whose pose was refined per second, all threads together.</summary>
    public double ParticlesPerSecond { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check[nameof(ScaleSpread)].NotNegative(ScaleSpread);
        check[nameof(Downweighted)].NotNegative(Downweighted);
        foreach (var (value, name) in new[]
        {
            (MedianRotationChangeDegrees, nameof(MedianRotationChangeDegrees)), (MedianShiftChangeAngstrom, nameof(MedianShiftChangeAngstrom)),
            (MedianRotationSigmaDegrees, nameof(MedianRotationSigmaDegrees)), (MeanSteps, nameof(MeanSteps)), (Unrefined, nameof(Unrefined)),
            (FitSeconds, nameof(FitSeconds)), (PoseSeconds, nameof(PoseSeconds)), (ReconstructionSeconds, nameof(ReconstructionSeconds)),
            (TotalSeconds, nameof(TotalSeconds)), (ParticlesPerSecond, nameof(ParticlesPerSecond)),
        })
        {
            check[name].Unknown(value);
        }

        foreach (var (value, name) in new[]
        {
            (MeanCorrelation, nameof(MeanCorrelation)), (ModelFsc.Half1, nameof(ModelFsc)), (ModelFsc.Half2, nameof(ModelFsc)),
        })
        {
            check[name].Require(double.IsNaN(value) || Math.Abs(value) <= 1.001, "is no correlation");
        }

        check[nameof(Gaussians)].NotNegative(Math.Min(Gaussians.Half1, Gaussians.Half2));
    }
}
