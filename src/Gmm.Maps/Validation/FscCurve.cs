using Gmm.Core;

namespace Gmm.Maps;

/// <summary>A Fourier shell correlation curve: one value for each shell of a box, shell s at frequency s / (box length).</summary>
public sealed class FscCurve
{
    private readonly double[] _values;

    /// <summary>Makes a curve.</summary>
    /// <param name="boxSize">Side of the maps, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="values">The values of shells 0 to boxSize / 2; copied.</param>
    /// <exception cref="ArgumentException">Another number of values.</exception>
    public FscCurve(int boxSize, double pixelSize, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != (boxSize / 2) + 1)
        {
            throw new ArgumentException($"A curve for a box of {boxSize} has {(boxSize / 2) + 1} values, not {values.Count}.", nameof(values));
        }

        BoxSize = boxSize;
        PixelSize = pixelSize;
        _values = [.. values];
    }

    /// <summary>A curve in a box of a given length: of all its shells, or of fewer where it is of maps on fewer voxels.</summary>
    /// <param name="boxSize">Side of the box, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="values">The values of the first shells, at least two.</param>
    internal static FscCurve InBox(int boxSize, double pixelSize, IReadOnlyList<double> values)
    {
        var size = values.Count == (boxSize / 2) + 1 ? boxSize : 2 * (values.Count - 1);
        return new FscCurve(size, boxSize * pixelSize / size, values);
    }

    /// <summary>Side of the maps, voxels.</summary>
    public int BoxSize { get; }

    /// <summary>Angstrom per voxel.</summary>
    public double PixelSize { get; }

    /// <summary>Number of shells.</summary>
    public int Count => _values.Length;

    /// <summary>The correlation of each shell.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The frequency of each shell, 1/angstrom.</summary>
    public IReadOnlyList<double> Frequencies => Enumerable.Range(0, Count).Select(s => Frequency(s)).ToArray();

    /// <summary>Correlation of a shell.</summary>
    /// <param name="shell">Shell, from 0.</param>
    /// <returns>The value.</returns>
    public double this[int shell] => _values[shell];

    /// <summary>Frequency of a shell.</summary>
    /// <param name="shell">Shell, from 0.</param>
    /// <returns>1/angstrom.</returns>
    public double Frequency(double shell) => shell / (BoxSize * PixelSize);

    /// <summary>
    /// The resolution at which the curve first falls below a threshold, interpolated linearly between the shells on either side (shell 0 never
    /// counts; a curve that starts below gives shell 1).
    /// </summary>
    /// <param name="threshold">0.143 for half maps (Rosenthal and Henderson 2003), 0.5 against a model.</param>
    /// <returns>Angstrom; Nyquist (twice the pixel size) if the curve never falls, see <see cref="Falls"/>.</returns>
    public double Resolution(double threshold = 0.143) =>
        Crossing(threshold) is { } shell ? BoxSize * PixelSize / shell : 2 * PixelSize;

    /// <summary>Whether the curve falls below a threshold at all; if not, the resolution is limited by the pixel size.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <returns>True if some shell after 0 lies below.</returns>
    public bool Falls(double threshold = 0.143) => Crossing(threshold) is not null;

    /// <summary>The mean over the shells 1 to a resolution.</summary>
    /// <param name="resolution">Angstrom.</param>
    /// <returns>The mean.</returns>
    public double Mean(double resolution)
    {
        var last = Math.Clamp((int)Math.Floor((BoxSize * PixelSize / resolution) + 1e-6), 1, Count - 1);
        return _values.AsSpan(1, last).ToArray().Average();
    }

    /// <summary>Place of the first fall below a threshold, in shells, or null.</summary>
    private double? Crossing(double threshold)
    {
        for (var s = 1; s < Count; s++)
        {
            if (_values[s] < threshold)
            {
                var before = _values[s - 1];
                return s == 1 ? 1 : s - 1 + ((before - threshold) / (before - _values[s]));
            }
        }

        return null;
    }
}
