using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>The numbers of a transform of one length: its passes, and the roots of unity.</summary>
internal sealed class DevicePlan : IDisposable
{
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _radices;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _roots;

    /// <summary>Makes them.</summary>
    /// <param name="card">Where.</param>
    /// <param name="length">The length.</param>
    /// <exception cref="InvalidInputException">A line is too long for the device's shared memory.</exception>
    public DevicePlan(GpuCard card, int length)
    {
        Length = length;
        if (SharedFloats * sizeof(float) > card.Accelerator.MaxSharedMemoryPerGroup)
        {
            throw new InvalidInputException(FormattableString.Invariant(
                $"{card.Name} transforms lines of {card.Accelerator.MaxSharedMemoryPerGroup / (4 * sizeof(float))} values at most; {length} are needed"));
        }

        var roots = new float[2 * length];
        for (var k = 0; k < length; k++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * k / length);
            (roots[2 * k], roots[(2 * k) + 1]) = ((float)cos, (float)-sin);
        }

        _radices = card.Upload<int>(FftSizes.Radices(length));
        _roots = card.Upload<float>(roots);
    }

    /// <summary>The length.</summary>
    public int Length { get; }

    /// <summary>Floats of shared memory that a group needs: two complex lines.</summary>
    public int SharedFloats => 4 * Length;

    /// <summary>What a kernel needs.</summary>
    public LineTransform View => new()
    {
        Length = Length,
        Passes = Length == 1 ? 0 : (int)_radices.Length,
        Radices = _radices.View,
        Roots = _roots.View,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _radices.Dispose();
        _roots.Dispose();
    }
}
