using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>
/// A structure as N isotropic Gaussians in three dimensions: the map is rho(r) = sum_j a_j N(r; c_j, s_j^2), and its transform
/// sum_j a_j exp(-2 pi^2 s_j^2 |k|^2) exp(-2 pi i k.c_j).
/// </summary>
/// <remarks>
/// Centres c are in angstrom from the box centre, amplitudes a are integrals (density times cubic angstrom), widths s are standard
/// deviations in angstrom. In a map or image of pixel size A the discrete transform is this one divided by A^3. Arrays are held
/// by component, so that kernels can stream them; the object never changes after it is made.
/// </remarks>
public sealed class GaussianModel
{
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly float[] _z;
    private readonly float[] _amplitude;
    private readonly float[] _width;

    /// <summary>Makes a model from its columns, which are copied.</summary>
    /// <param name="x">X of the centres, angstrom from the box centre.</param>
    /// <param name="y">Y of the centres.</param>
    /// <param name="z">Z of the centres.</param>
    /// <param name="amplitudes">Integrals of the Gaussians.</param>
    /// <param name="widths">Standard deviations, angstrom, positive.</param>
    /// <param name="boxSize">Side of the box of the map it describes, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel of that map.</param>
    /// <param name="provenance">One line on where the model comes from.</param>
    /// <exception cref="ArgumentException">Columns of different length, no Gaussian, a value not finite, a width or a box not positive.</exception>
    public GaussianModel(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> widths,
        int boxSize,
        double pixelSize,
        string provenance = "")
    {
        ArgumentNullException.ThrowIfNull(provenance);
        var n = x.Length;
        if (n == 0 || y.Length != n || z.Length != n || amplitudes.Length != n || widths.Length != n)
        {
            throw new ArgumentException("A model needs five columns of one length, at least one Gaussian.");
        }

        if (boxSize <= 0 || !(pixelSize > 0) || !double.IsFinite(pixelSize))
        {
            throw new ArgumentException("The box and the pixel size must be positive.");
        }

        for (var j = 0; j < n; j++)
        {
            if (!float.IsFinite(x[j]) || !float.IsFinite(y[j]) || !float.IsFinite(z[j]) || !float.IsFinite(amplitudes[j])
                || !(widths[j] > 0) || !float.IsFinite(widths[j]))
            {
                throw new ArgumentException($"Gaussian {j + 1}: centre and amplitude must be finite, the width positive.");
            }
        }

        (_x, _y, _z, _amplitude, _width) = (x.ToArray(), y.ToArray(), z.ToArray(), amplitudes.ToArray(), widths.ToArray());
        BoxSize = boxSize;
        PixelSize = pixelSize;
        Provenance = provenance.ReplaceLineEndings(" ");
    }

    /// <summary>Number of Gaussians.</summary>
    public int Count => _x.Length;

    /// <summary>Side of the box of the map the model describes, voxels.</summary>
    public int BoxSize { get; }

    /// <summary>Angstrom per voxel of that map.</summary>
    public double PixelSize { get; }

    /// <summary>Length of the box's side, angstrom.</summary>
    public double BoxLength => BoxSize * PixelSize;

    /// <summary>One line on where the model comes from.</summary>
    public string Provenance { get; }

    /// <summary>X of the centres, angstrom from the box centre.</summary>
    public ReadOnlySpan<float> X => _x;

    /// <summary>Y of the centres, angstrom from the box centre.</summary>
    public ReadOnlySpan<float> Y => _y;

    /// <summary>Z of the centres, angstrom from the box centre.</summary>
    public ReadOnlySpan<float> Z => _z;

    /// <summary>Integrals of the Gaussians.</summary>
    public ReadOnlySpan<float> Amplitudes => _amplitude;

    /// <summary>Standard deviations of the Gaussians, angstrom.</summary>
    public ReadOnlySpan<float> Widths => _width;

    /// <summary>The B factor of a width: B = 8 pi^2 s^2, square angstrom.</summary>
    /// <param name="width">Standard deviation, angstrom.</param>
    /// <returns>The B factor.</returns>
    public static double BFactorOfWidth(double width) => 8 * Math.PI * Math.PI * width * width;

    /// <summary>The width of a B factor: s = sqrt(B / (8 pi^2)), angstrom.</summary>
    /// <param name="bFactor">B factor, square angstrom.</param>
    /// <returns>The standard deviation.</returns>
    public static double WidthOfBFactor(double bFactor) => Math.Sqrt(bFactor / (8 * Math.PI * Math.PI));

    /// <summary>The centres as an N x 3 tensor (a copy), angstrom.</summary>
    /// <returns>Rows x, y, z.</returns>
    public Tensor<float> Centres()
    {
        var values = new float[3 * Count];
        for (var j = 0; j < Count; j++)
        {
            values[3 * j] = _x[j];
            values[(3 * j) + 1] = _y[j];
            values[(3 * j) + 2] = _z[j];
        }

        return Tensor.Create(values, [Count, 3]);
    }

    /// <summary>A copy with another line of provenance.</summary>
    /// <param name="provenance">The line.</param>
    /// <returns>The same Gaussians.</returns>
    public GaussianModel WithProvenance(string provenance) => new(_x, _y, _z, _amplitude, _width, BoxSize, PixelSize, provenance);

    /// <summary>The same Gaussians for a map on other voxels.</summary>
    /// <param name="boxSize">Side of the box, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <returns>This model if it is on them.</returns>
    internal GaussianModel OnGrid(int boxSize, double pixelSize) =>
        boxSize == BoxSize && pixelSize == PixelSize ? this : new(_x, _y, _z, _amplitude, _width, boxSize, pixelSize, Provenance);
}
