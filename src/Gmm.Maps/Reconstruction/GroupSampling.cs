using Gmm.Core;

namespace Gmm.Maps;

/// <summary>How the images of an optics group sample the grid of a map: for a reconstructor that sums by itself, on a device for example.</summary>
public sealed class GroupSampling
{
    private readonly float[] _sampleWeights;

    private GroupSampling(OpticsGroup optics, ReconstructionGrid grid, SamplingDensity density)
    {
        var nyquist = Math.Max(1, optics.ImageSize / 2);
        // One ring more than the map's last shell holds, since rings of boxes of different length do not line up.
        var wanted = (int)Math.Ceiling((grid.LastShell + 0.5) * optics.BoxLength / grid.BoxLength);
        Disc = new FourierDisc(optics.BoxLength, Math.Clamp(wanted, 1, nyquist));
        _sampleWeights = density.Weights(Disc);
        Scale = Math.Pow(optics.PixelSize / grid.PixelSize, 3);
        Weight = Math.Pow(grid.BoxLength / optics.BoxLength, 2);
    }

    /// <summary>The coefficients that are inserted.</summary>
    public FourierDisc Disc { get; }

    /// <summary>A weight of each coefficient in both sums, Disc.Count values, which makes the sampling even along the radius.</summary>
    public ReadOnlySpan<float> SampleWeights => _sampleWeights;

    /// <summary>Brings the values of the group's images to the map's density scale.</summary>
    public double Scale { get; }

    /// <summary>Weight of the group's images in both sums: every image counts the same, however finely it is sampled.</summary>
    public double Weight { get; }

    /// <summary>The sampling of every optics group.</summary>
    /// <param name="source">The particles; the mean of their CTF^2 is a part of the weights.</param>
    /// <param name="grid">The grid of the map.</param>
    /// <returns>One for each group.</returns>
    public static IReadOnlyList<GroupSampling> Of(IParticleSource source, ReconstructionGrid grid) => Of(source, grid, null);

    /// <summary>The same for a curved surface.</summary>
    internal static GroupSampling[] Of(IParticleSource source, ReconstructionGrid grid, EwaldSphere? ewald)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(grid);
        var density = new SamplingDensity(source, grid, ewald);
        return [.. source.OpticsGroups.Select(g => new GroupSampling(g, grid, density))];
    }
}
