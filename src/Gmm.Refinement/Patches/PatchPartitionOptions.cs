using System.Text.Json.Serialization;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>How a molecule is cut into patches.</summary>
public sealed record PatchPartitionOptions
{
    /// <summary>More patches than any molecule has regions that its images can place.</summary>
    private const int MaxCount = 1000;

    /// <summary>Number of patches; 8 in the paper.</summary>
    public int Count { get; init; } = 8;

    /// <summary>
    /// A symmetry that the patches follow: the clusters of one asymmetric unit are copied by its operators, so the count is a multiple of its order.
    /// </summary>
    [JsonIgnore]
    public SymmetryGroup Symmetry { get; init; } = SymmetryGroup.None;

    /// <summary>Whether masks follow the clusters' shapes, in place of spheres that cover them.</summary>
    public bool Tight { get; init; }

    /// <summary>
    /// Width of the masks' raised-cosine edge, angstrom; 8, or four voxels if that is more, by default (the published edge falls over five voxels).
    /// </summary>
    public double? SoftEdge { get; init; }

    /// <summary>Gaussians that every patch must have in either half's model: fewer do not describe a region.</summary>
    public int LeastGaussians { get; init; } = 8;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidInputException">A count that is not positive, over 1000, or no multiple of the symmetry's order.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative edge, or fewer than one Gaussian.</exception>
    public void Validate()
    {
        if (Count < 1)
        {
            throw new InvalidInputException($"A molecule is cut into one patch at least, not {Count}.");
        }

        if (Count > MaxCount)
        {
            throw new InvalidInputException($"A molecule is cut into {MaxCount} patches at most, not {Count}.");
        }

        if (Count % Symmetry.Order != 0)
        {
            throw new InvalidInputException($"Patches that follow {Symmetry} come in sets of {Symmetry.Order}; {Count} is not a multiple of that.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(SoftEdge ?? 0, nameof(SoftEdge));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LeastGaussians);
    }
}
