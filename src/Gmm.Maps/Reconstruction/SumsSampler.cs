using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Reads the map's transform out of a reconstruction's sums, at any place between the grid points: the window's mean of the numerator over its mean of the
/// weight. Near the edge of the box the window has faded the map, which a comparison with images of a centred molecule hardly sees.
/// </summary>
/// <param name="sums">The sums, of any particles but those compared.</param>
internal sealed class SumsSampler(FourierAccumulator sums)
{
    private readonly ReconstructionGrid _grid = sums.Grid;

    /// <summary>The map's coefficient.</summary>
    /// <param name="x">Grid coordinate.</param>
    /// <param name="y">Grid coordinate.</param>
    /// <param name="z">Grid coordinate.</param>
    /// <returns>Real and imaginary part; 0 outside the data's sphere and where nothing was summed.</returns>
    public (float Re, float Im) At(float x, float y, float z)
    {
        if (!((x * x) + (y * y) + (z * z) <= _grid.Radius * _grid.Radius))
        {
            return (0, 0);
        }

        var sign = x < 0 ? -1 : 1;
        (x, y, z) = (sign * x, sign * y, sign * z);
        var (tx, ty, tz) = (MathF.Floor(x), MathF.Floor(y), MathF.Floor(z));
        ReadOnlySpan<float> kx = Weights(x - tx), ky = Weights(y - ty), kz = Weights(z - tz);
        int extent = _grid.Extent, side = (2 * extent) + 1;
        double re = 0, im = 0, w = 0;
        for (var dz = 0; dz < GriddingWindow.Taps; dz++)
        {
            var plane = (int)tz - 1 + extent + dz;
            ReadOnlySpan<double> cells = sums.PlaneSums(plane);
            for (var dy = 0; dy < GriddingWindow.Taps; dy++)
            {
                var row = cells.Slice(_grid.RowStart[(plane * side) + (int)ty - 1 + extent + dy] + (3 * (int)tx), 3 * GriddingWindow.Taps);
                var scale = (double)kz[dz] * ky[dy];
                for (var dx = 0; dx < GriddingWindow.Taps; dx++)
                {
                    var k = scale * kx[dx];
                    re += k * row[3 * dx];
                    im += k * row[(3 * dx) + 1];
                    w += k * row[(3 * dx) + 2];
                }
            }
        }

        return w > 0 ? ((float)(re / w), (float)(sign * im / w)) : (0, 0);
    }

    private ReadOnlySpan<float> Weights(float fraction) => _grid.Window.Table.Slice(
        GriddingWindow.Taps * Math.Clamp((int)(fraction * GriddingWindow.Steps), 0, GriddingWindow.Steps - 1), GriddingWindow.Taps);
}
