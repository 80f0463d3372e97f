using Gmm.Core;
using static System.FormattableString;

namespace Gmm.Refinement;

/// <summary>What a finished refinement's own figures say against it, a sentence each, with the likely causes.</summary>
internal static class RunWarnings
{
    /// <summary>An uncertainty, all three axes together, at which a pose says little more than the region of the sphere it is in.</summary>
    private const double LargeSigmaDegrees = 20;
    private const double LargeUnrefinedShare = 0.2;

    /// <summary>Fewer Gaussians cannot tell one view of a molecule from another.</summary>
    private const int Handful = 20;

    /// <summary>Cubic angstrom: 80 megadaltons, more than nearly all viruses.</summary>
    private const double LargeVolume = 1e8;
    private const double CubicAngstromPerMegadalton = 1.21e6;

    /// <summary>Of poses.</summary>
    /// <param name="part">The region they are of; null for the whole.</param>
    /// <param name="particles">Their number.</param>
    /// <param name="unrefined">Those that could not be refined.</param>
    /// <param name="medianSigmaDegrees">Median uncertainty of the rotations; NaN where the score gives none.</param>
    public static IEnumerable<string> OfPoses(string? part, int particles, int unrefined, double medianSigmaDegrees)
    {
        var where = part is null ? string.Empty : part + ": ";
        if (medianSigmaDegrees > LargeSigmaDegrees)
        {
            yield return Invariant($"{where}the median uncertainty of the rotations is {medianSigmaDegrees:F0} degrees: the images do not determine ")
                + "these poses. Likely causes: pixel size, defocus or contrast of another unit or sign, images that are not of this structure, or too "
                + "little signal; keep the poses you had";
        }

        if (unrefined > LargeUnrefinedShare * particles)
        {
            yield return Invariant($"{where}{unrefined} of {particles} particles could not be refined and kept their poses (gmmPoseStatus says why). ")
                + "Likely causes: constant or broken images, starting poses that are far off, a symmetry that is not there, pixel size or defocus of "
                + "another unit";
        }
    }

    /// <summary>Of the models of the whole, where their number of Gaussians was not given but estimated from the map.</summary>
    public static IEnumerable<string> OfModels(RefinementState state)
    {
        if (state.Statistics is not { } statistics)
        {
            yield break;
        }

        var (count, resolution, pixel) = (
            Math.Min(statistics.Gaussians.Half1, statistics.Gaussians.Half2), state.PreviousLimit ?? state.Limit, state.Maps.Half1.PixelSize);
        if (count < Handful)
        {
            yield return Invariant($"the molecule is only {count} Gaussians: at {resolution:F1} A, in voxels of {pixel:G4} A, its map holds no more. ")
                + "If it is larger than that, the pixel size is wrong (nanometres, or a factor of ten); else the starting poses give too coarse a map";
        }

        var volume = GaussianCountEstimator.Volume(count, resolution);
        if (volume > LargeVolume)
        {
            yield return Invariant($"in voxels of {pixel:G4} A the molecule has {volume / CubicAngstromPerMegadalton:F0} megadaltons, more than most ")
                + "viruses: the pixel size may be wrong by a factor of ten";
        }
    }
}
