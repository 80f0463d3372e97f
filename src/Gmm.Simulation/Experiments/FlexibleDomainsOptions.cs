using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>What <see cref="FlexibleDomains"/> makes: the paper's supplement, "Interpretation of FSC curves" and Fig. S5.</summary>
public sealed record FlexibleDomainsOptions
{
    /// <summary>Chains that stay sharp.</summary>
    public IReadOnlyList<string> RigidChains { get; init; } = ["A", "B"];

    /// <summary>Chains that are blurred.</summary>
    public IReadOnlyList<string> FlexibleChains { get; init; } = ["C", "D"];

    /// <summary>Resolution of the rigid chains' average, angstrom.</summary>
    public double RigidResolution { get; init; } = 3;

    /// <summary>Resolution of the flexible chains' average in each structure, angstrom.</summary>
    public IReadOnlyList<double> FlexibleResolutions { get; init; } = [15, 7];

    /// <summary>Randomised copies averaged in each half.</summary>
    public int Copies { get; init; } = 10;

    /// <summary>Variance of a half map over that of its noise, over the box.</summary>
    public double Snr { get; init; } = 0.5;

    /// <summary>How far atoms are moved.</summary>
    public AtomDisplacement Displacement { get; init; } = AtomDisplacement.Normal;

    /// <summary>Side of the box, voxels.</summary>
    public int BoxSize { get; init; } = 160;

    /// <summary>Angstrom per voxel.</summary>
    public double PixelSize { get; init; } = 1.25;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidInputException">A value out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(
            RigidChains.Count > 0 && FlexibleChains.Count > 0 && !RigidChains.Intersect(FlexibleChains).Any(), nameof(FlexibleChains),
            "chains, and others than the rigid ones");
        Require(BoxSize is >= 32 and <= 512 && BoxSize % 2 == 0, nameof(BoxSize), "even, 32 to 512 voxels");
        Require(PixelSize > 0 && double.IsFinite(PixelSize), nameof(PixelSize), "positive");
        Require(RigidResolution > 0 && double.IsFinite(RigidResolution), nameof(RigidResolution), "positive");
        Require(
            2 * PixelSize < RigidResolution, nameof(PixelSize),
            FormattableString.Invariant($"less than half the rigid part's resolution, {RigidResolution} A"));
        Require(
            FlexibleResolutions.Count > 0 && FlexibleResolutions.All(r => r > 2 * PixelSize && r < BoxSize * PixelSize / 4), nameof(FlexibleResolutions),
            "more than two voxels and less than a quarter of the box");
        Require(Copies is >= 1 and <= 1000, nameof(Copies), "1 to 1000");
        Require(Snr > 0 && double.IsFinite(Snr), nameof(Snr), "positive");
    }

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
        {
            throw new InvalidInputException($"must be {range}", "flexible domains", null, name);
        }
    }
}
