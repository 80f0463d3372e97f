using static System.FormattableString;

namespace Gmm.Core;

/// <summary>What no molecule exceeds. Readers refuse numbers beyond: a file that has them is damaged, or in other units than it says.</summary>
/// <remarks>They bound what files can ask for, not what is safe: no number makes the library touch memory that is not its own (docs/trust.md).</remarks>
internal static class PhysicalLimits
{
    /// <summary>Farthest place from the box centre, and longest shift or displacement, in box lengths.</summary>
    public const double FarthestBoxes = 100;

    /// <summary>Largest amplitude of a Gaussian, to either side: squares of sums of many such still fit single precision.</summary>
    public const double LargestAmplitude = 1e15;

    /// <summary>Largest side of a box, voxels or pixels.</summary>
    public const int LargestBox = 16384;

    /// <summary>Smallest pixel size, angstrom.</summary>
    public const double SmallestPixel = 1e-3;

    /// <summary>Largest pixel size, angstrom.</summary>
    public const double LargestPixel = 1e4;

    /// <summary>Farthest place from the box centre, angstrom.</summary>
    /// <param name="boxLength">Side of the box, angstrom.</param>
    /// <returns>The distance along an axis.</returns>
    public static double Farthest(double boxLength) => FarthestBoxes * boxLength;

    /// <summary>Why a pixel size cannot be, or null.</summary>
    /// <param name="pixelSize">The pixel size, angstrom.</param>
    public static string? PixelProblem(double pixelSize) => pixelSize switch
    {
        not > 0 => Invariant($"the pixel size {pixelSize} is not positive"),
        < SmallestPixel or > LargestPixel => Invariant($"a pixel size of {pixelSize} A cannot be; {SmallestPixel} to {LargestPixel} are possible"),
        _ => null,
    };
}
