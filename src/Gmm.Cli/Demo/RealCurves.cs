using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>What the real images' maps give at one set of poses.</summary>
/// <param name="Halves">FSC of the half maps in the mask, corrected for it by phase randomisation.</param>
/// <param name="Model">FSC of their mean with the atomic model, in the same mask.</param>
internal sealed record RealCurves(FscCurve Halves, FscCurve Model)
{
    /// <summary>The finer half of the shells, 14.2 to 7.08 A, where good and bad poses differ.</summary>
    public double ModelFine => Model.Values.Skip(Model.Count / 2).Average();

    /// <summary>The value at Nyquist, 7.08 A.</summary>
    public double ModelNyquist => Model[Model.Count - 1];

    /// <summary>As it is printed.</summary>
    /// <param name="distance">Distance of the poses to the reference ones; null for the reference.</param>
    public RealStage Stage(PoseErrors? distance) => new(
        MapWork.Resolution(Halves, 0.5), !Halves.Falls(0.5), Math.Round(Halves[Halves.Count - 1], 3),
        MapWork.Resolution(Model, 0.5), !Model.Falls(0.5), Math.Round(ModelFine, 3), Math.Round(ModelNyquist, 3),
        distance is null ? null : Math.Round(distance.RotationMedian, 3), distance is null ? null : Math.Round(distance.RotationNinety, 3),
        distance is null ? null : Math.Round(distance.ShareOver(RealStage.FarDegrees), 4));
}
