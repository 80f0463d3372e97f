using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// What Gaussians are fitted to: the Fourier coefficients of a masked map on half of a ball, one of each conjugate pair, and the weight of each shell. The
/// coefficient i is at (Kx[i], Ky[i], Kz[i]) / BoxLength, its phase origin the box centre; shell q holds those with round(|k|) = q.
/// </summary>
public sealed class FitTarget
{
    private readonly float[] _re;
    private readonly float[] _im;

    private FitTarget(FourierBall ball, float[] re, float[] im, double[]? shellFsc)
    {
        (Ball, _re, _im) = (ball, re, im);
        Counts = new double[ball.Radius + 1];
        Power = new double[ball.Radius + 1];
        Weights = new double[ball.Radius + 1];
        var shells = ball.Shells;
        for (var i = 0; i < re.Length; i++)
        {
            var q = shells[i];
            Counts[q] += 2;
            Power[q] += 2 * (((double)re[i] * re[i]) + ((double)im[i] * im[i]));
        }

        // The mean density is left out: its scale in a half map is a matter of normalisation, and it may be zero.
        double sum = 0;
        for (var q = 1; q <= ball.Radius; q++)
        {
            var fsc = shellFsc is null ? 1 : q < shellFsc.Length ? Math.Clamp(shellFsc[q], 0, 1) : 0;

            // Shells count alike, not coefficients: the mean FSC over shells is the goal, and of noisy half maps of a known
            // structure these weights gave models nearer to the truth than weights by the number of coefficients.
            Weights[q] = Power[q] > 0 ? 2 * fsc / (1 + fsc) : 0;
            sum += Weights[q];
        }

        if (!(sum > 0) || !double.IsFinite(sum))
        {
            throw new InvalidInputException("the map has no density to fit: it is constant or not finite inside the mask, or every shell has FSC 0");
        }

        var factors = new double[ball.Radius + 1];
        for (var q = 1; q <= ball.Radius; q++)
        {
            Weights[q] /= sum;
            factors[q] = Power[q] > 0 ? 4 * Weights[q] / Power[q] : 0;
        }

        Factors = factors;
    }

    /// <summary>Side of the map, angstrom.</summary>
    public double BoxLength => Ball.BoxLength;

    /// <summary>Last shell, in units of 1 / BoxLength.</summary>
    public int Radius => Ball.Radius;

    /// <summary>Number of coefficients held.</summary>
    public int Count => Ball.Count;

    /// <summary>Real parts.</summary>
    public ReadOnlySpan<float> Re => _re;

    /// <summary>Imaginary parts.</summary>
    public ReadOnlySpan<float> Im => _im;

    /// <summary>The shell of each coefficient.</summary>
    public ReadOnlySpan<short> Shells => Ball.Shells;

    /// <summary>
    /// For each shell the derivative of the loss with respect to a coefficient held, over the coefficient's difference from the target's: 4 w_q / P_q,
    /// 0 where the shell is not fitted.
    /// </summary>
    public IReadOnlyList<double> Factors { get; }

    /// <summary>The coefficients' places.</summary>
    internal FourierBall Ball { get; }

    /// <summary>Coefficients of each shell, both of each pair.</summary>
    internal double[] Counts { get; }

    /// <summary>Sum of squares of each shell.</summary>
    internal double[] Power { get; }

    /// <summary>Weight of each shell; they sum to 1.</summary>
    internal double[] Weights { get; }

    /// <summary>The frequency of each coefficient in units of 1 / BoxLength, Count values of each.</summary>
    /// <param name="kx">Receives the frequencies along x, 0 or more.</param>
    /// <param name="ky">Those along y.</param>
    /// <param name="kz">Those along z.</param>
    /// <exception cref="ArgumentException">Spans of another length.</exception>
    public void CopyFrequencies(Span<short> kx, Span<short> ky, Span<short> kz) => Ball.CopyFrequencies(kx, ky, kz);

    /// <summary>Transforms the masked map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="mask">The mask, or none.</param>
    /// <param name="resolution">Finest resolution, angstrom.</param>
    /// <param name="shellFsc">FSC by shell, or none.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>The target.</returns>
    internal static FitTarget Of(DensityMap map, SolventMask? mask, double resolution, IReadOnlyList<double>? shellFsc, ComputeOptions compute)
    {
        if (mask is not null && (mask.Size != map.Size || Math.Abs(mask.PixelSize - map.PixelSize) > 0.01 * map.PixelSize))
        {
            throw new InvalidInputException(
                $"the mask has {mask.Size} voxels of {mask.PixelSize:g5} angstrom a side, the map {map.Size} of {map.PixelSize:g5}");
        }

        var ball = FourierBall.ForResolution(map.Size, map.PixelSize, resolution);
        float[] re = new float[ball.Count], im = new float[ball.Count];
        var voxels = map.Voxels;
        if (mask is not null)
        {
            voxels = new float[map.Voxels.Length];
            System.Numerics.Tensors.TensorPrimitives.Multiply(map.Voxels, mask.Voxels, voxels);
        }

        new BallTransform(map.Size, ball).Forward(voxels, re, im, compute.Threads, compute.CancellationToken);
        return new FitTarget(ball, re, im, shellFsc?.ToArray());
    }

    /// <summary>The same target to fewer shells.</summary>
    /// <param name="radius">Last shell.</param>
    /// <param name="shellFsc">FSC by shell, or none.</param>
    /// <returns>The target.</returns>
    internal FitTarget Within(int radius, IReadOnlyList<double>? shellFsc)
    {
        var ball = new FourierBall(Ball.BoxLength, radius);
        float[] re = new float[ball.Count], im = new float[ball.Count];
        Ball.Restrict(_re, ball, re);
        Ball.Restrict(_im, ball, im);
        return new FitTarget(ball, re, im, shellFsc?.ToArray());
    }
}
