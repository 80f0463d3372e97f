namespace Gmm.Core;

/// <summary>A map rendered from a model (Gaussians or atoms). It can be compared with a map, but never enters a gold-standard FSC.</summary>
/// <param name="size">Voxels along each side.</param>
/// <param name="pixelSize">Angstrom per voxel.</param>
/// <param name="voxels">size^3 values, x fastest; kept, not copied.</param>
public sealed class RenderedMap(int size, double pixelSize, float[] voxels) : DensityMap(size, pixelSize, voxels)
{
    /// <summary>
    /// The density of a model on its own box, limited to the ball |k| &lt;= 1/resolution: the discrete transform of the voxels is P(k)/A^3 inside
    /// the ball and zero outside.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="resolution">Finest resolution, angstrom; the last whole shell of the box, (n-1)/2, where not given.</param>
    /// <param name="options">Degree of parallelism; all processors by default.</param>
    /// <param name="tolerance">Relative error of the outer shells.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is not positive, or the tolerance outside 1e-5 to 0.1.</exception>
    public static RenderedMap Of(GaussianModel model, double? resolution = null, ComputeOptions? options = null, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (resolution is { } r)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(r, nameof(resolution));
        }

        options ??= new ComputeOptions();
        options.Validate();
        var n = model.BoxSize;
        var ball = FourierBall.ForResolution(n, model.PixelSize, resolution ?? 1e-3);
        float[] re = new float[ball.Count], im = new float[ball.Count], voxels = new float[checked(n * n * n)];
        new GaussianVolumeTransform(ball, tolerance, options).Forward(GaussianColumns.Of(model), re, im);
        new BallTransform(n, ball).Inverse(re, im, voxels, options.Threads, options.CancellationToken);
        return new RenderedMap(n, model.PixelSize, voxels);
    }
}
