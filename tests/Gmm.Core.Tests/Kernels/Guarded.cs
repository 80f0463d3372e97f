namespace Gmm.Core.Tests.Kernels;

/// <summary>
/// An array in the middle of a larger one, whose margins hold a pattern: a kernel that
/// writes beside its span is found out without a checked build too.
/// </summary>
internal sealed class Guarded
{
    private const int Margin = 5000;
    private const int Pattern = 0x7A5B3C1D;

    private readonly float[] _all;
    private readonly int _count;

    public Guarded(int count)
    {
        _count = count;
        _all = new float[count + (2 * Margin)];
        Array.Fill(_all, BitConverter.Int32BitsToSingle(Pattern));
        Values.Clear();
    }

    public Span<float> Values => _all.AsSpan(Margin, _count);

    public bool IsIntact => Intact(_all.AsSpan(0, Margin)) && Intact(_all.AsSpan(Margin + _count));

    private static bool Intact(ReadOnlySpan<float> margin)
    {
        foreach (var v in margin)
        {
            if (BitConverter.SingleToInt32Bits(v) != Pattern)
            {
                return false;
            }
        }

        return true;
    }
}
