using Gmm.Core;

namespace Gmm.Maps;

/// <summary>The transform of a map (phase origin at voxel 0), with the sums over Fourier shells that validation needs.</summary>
internal sealed class MapSpectrum
{
    private readonly RealFft3D<float> _fft;

    private MapSpectrum(int size, ComputeOptions compute)
    {
        Size = size;
        Compute = compute;
        _fft = new RealFft3D<float>(size, size, size);
        Re = new float[_fft.SpectrumLength];
        Im = new float[_fft.SpectrumLength];
    }

    public int Size { get; }

    public ComputeOptions Compute { get; }

    /// <summary>Real parts, (z * Size + y) * Width + x.</summary>
    public float[] Re { get; }

    public float[] Im { get; }

    /// <summary>Columns: Size / 2 + 1.</summary>
    public int Width => _fft.SpectrumWidth;

    /// <summary>Shells 0 to Size / 2.</summary>
    public int Shells => (Size / 2) + 1;

    /// <summary>The transform of a map times a mask.</summary>
    public static MapSpectrum Of(ReadOnlySpan<float> voxels, int size, ReadOnlySpan<float> mask, ComputeOptions compute)
    {
        var s = new MapSpectrum(size, compute);
        s.Load(voxels, mask);
        return s;
    }

    /// <summary>Replaces the transform by that of another map of the same size, times a mask; saves the memory of a second transform.</summary>
    public void Load(ReadOnlySpan<float> voxels, ReadOnlySpan<float> mask)
    {
        var scratch = new float[_fft.ScratchLength];
        if (mask.IsEmpty)
        {
            _fft.Forward(voxels, Re, Im, scratch, Compute.Threads, Compute.CancellationToken);
            return;
        }

        var masked = new float[voxels.Length];
        System.Numerics.Tensors.TensorPrimitives.Multiply(voxels, mask, masked);
        _fft.Forward(masked, Re, Im, scratch, Compute.Threads, Compute.CancellationToken);
    }

    /// <summary>The map of the spectrum.</summary>
    /// <param name="into">Receives it; null for new memory.</param>
    public float[] ToVoxels(float[]? into = null)
    {
        var voxels = into ?? new float[_fft.RealLength];
        _fft.Inverse(Re, Im, voxels, new float[_fft.ScratchLength], Compute.Threads, Compute.CancellationToken);
        return voxels;
    }

    /// <summary>Signed frequency of a row or plane index.</summary>
    public int Signed(int i) => i > (Size - 1) / 2 ? i - Size : i;

    /// <summary>How often a column's coefficients count in a sum over the whole sphere: conjugates are not stored.</summary>
    public int Times(int x) => x == 0 || (2 * x == Size) ? 1 : 2;

    /// <summary>Distance from zero frequency, Fourier voxels.</summary>
    public double Radius(int x, int y, int z)
    {
        double a = Signed(y), b = Signed(z);
        return Math.Sqrt(((double)x * x) + (a * a) + (b * b));
    }

    /// <summary>
    /// Sums over shells, each coefficient counted as in the whole sphere. Planes are summed apart, then in order, so the result does not
    /// depend on threads.
    /// </summary>
    /// <param name="quantities">How many sums.</param>
    /// <param name="term">Adds the terms of coefficient (index, shell, times) to sums[quantity * Shells + shell].</param>
    /// <returns>quantities * Shells sums.</returns>
    public double[] ShellSums(int quantities, Action<int, int, int, double[]> term)
    {
        var planes = new double[Size][];
        ForPlanes(z =>
        {
            var sums = new double[quantities * Shells];
            for (var y = 0; y < Size; y++)
            {
                for (var x = 0; x < Width; x++)
                {
                    var shell = (int)Math.Round(Radius(x, y, z));
                    if (shell < Shells)
                    {
                        term((((z * Size) + y) * Width) + x, shell, Times(x), sums);
                    }
                }
            }

            planes[z] = sums;
        });
        var total = new double[quantities * Shells];
        foreach (var plane in planes)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<double>(total, plane, total);
        }

        return total;
    }

    /// <summary>Multiplies each coefficient by a factor of its radius.</summary>
    public void Scale(Func<double, double> factor) => ForPlanes(z =>
    {
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var f = (float)factor(Radius(x, y, z));
                var i = (((z * Size) + y) * Width) + x;
                Re[i] *= f;
                Im[i] *= f;
            }
        }
    });

    /// <summary>Runs a body for each plane of the spectrum.</summary>
    public void ForPlanes(Action<int> body) => Guarded.For(0, Size, Compute.Parallelism, body);
}
