using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>
/// The map of the simulated structure, by the same physics as the images: its transform is made plane by plane (kz), each by two 2-D
/// NUFFTs of the atoms weighted by cos and sin of 2 pi kz z, then inverted. Memory is the map's own, with no fine 3-D grid.
/// </summary>
internal static class TrueMapRenderer
{
    /// <summary>Renders the map.</summary>
    /// <param name="model">The atoms.</param>
    /// <param name="options">Box and physics.</param>
    /// <param name="gain">Voxel value per angstrom of scattering factor and voxel, as in the images.</param>
    /// <param name="compute">Threads, and what stops it between planes.</param>
    /// <returns>The map, origin at voxel n/2.</returns>
    public static RenderedMap Render(ScatteringModel model, SimulationOptions options, double gain, ComputeOptions compute)
    {
        var n = options.BoxSize;
        var plane = n * ((n / 2) + 1);
        var fft = new RealFft3D<float>(n, n, n);
        var (re, im) = (new float[fft.SpectrumLength], new float[fft.SpectrumLength]);
        var parallel = compute.Parallelism;

        // Even boxes leave the Nyquist plane empty, as the images leave their Nyquist rows.
        Guarded.For(0, (n + 1) / 2, parallel, kz => FillPlanes(model, options, gain, kz, plane, re, im));
        var voxels = new float[fft.RealLength];
        fft.Inverse(re, im, voxels, new float[fft.ScratchLength], compute.Threads, compute.CancellationToken);
        return new RenderedMap(n, options.PixelSize, CentreOrigin(voxels, n));
    }

    private static void FillPlanes(ScatteringModel model, SimulationOptions options, double gain, int kz, int plane, float[] re, float[] im)
    {
        var transform = new AtomTransform(model, options, kz);
        var scratch = new AtomTransform.Scratch(transform);
        var count = model.X.Length;
        var (cos, sin) = (new float[count], new float[count]);
        for (var j = 0; j < count; j++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * kz * model.Z[j] / (options.BoxSize * options.PixelSize));
            cos[j] = (float)(c * model.Weight[j] * gain);
            sin[j] = (float)(s * model.Weight[j] * gain);
        }

        var (cr, ci, sr, si) = (new float[plane], new float[plane], new float[plane], new float[plane]);
        transform.Accumulate(model.X, model.Y, cos, cr, ci, scratch);
        transform.Accumulate(model.X, model.Y, sin, sr, si, scratch);
        int up = kz * plane, down = (kz == 0 ? 0 : options.BoxSize - kz) * plane;
        for (var i = 0; i < plane; i++)
        {
            // F(kz) = C - i S and F(-kz) = C + i S; for kz = 0, S is zero and both are the same plane.
            re[up + i] = cr[i] + si[i];
            im[up + i] = ci[i] - sr[i];
            re[down + i] = cr[i] - si[i];
            im[down + i] = ci[i] + sr[i];
        }
    }

    private static float[] CentreOrigin(float[] voxels, int n)
    {
        var shifted = new float[voxels.Length];
        var half = n / 2;
        for (var z = 0; z < n; z++)
        {
            for (var y = 0; y < n; y++)
            {
                var source = voxels.AsSpan(((z * n) + y) * n, n);
                var target = shifted.AsSpan((((z + half) % n * n) + ((y + half) % n)) * n, n);
                source[..(n - half)].CopyTo(target[half..]);
                source[(n - half)..].CopyTo(target);
            }
        }

        return shifted;
    }
}
