namespace Gmm.Gpu;

/// <summary>
/// The complex transform sum_x f(x) exp(-2 pi i k x / n) of a line in a group's shared memory, unnormalised: <see cref="Core.FftLine{T}"/> on a card.
/// </summary>
/// <remarks>
/// Stockham's passes: with n' = r m the length still to do and s the number of lines it lies in,
///
///   y[q + s (r p + k)] = sum_j x[q + s (p + m j)] exp(-2 pi i k (p + m j) / n'),   p below m, q below s, k below r.
///
/// A thread makes one value of y at a time, of any radix, so a line of 196 = 4 x 7 x 7 is no exception. The root's exponent, in parts of n, is
/// s k (p + m j): less than 2 n before each reduction.
/// </remarks>
internal struct LineTransform
{
    /// <summary>n.</summary>
    public int Length;

    /// <summary>Number of passes.</summary>
    public int Passes;

    /// <summary>The radices.</summary>
    public ArrayView<int> Radices;

    /// <summary>exp(-2 pi i k / n), real and imaginary part of k = 0 to n - 1.</summary>
    public ArrayView<float> Roots;

    /// <summary>Transforms the line at the start of the memory; all threads of a group together. Begins and ends with a barrier.</summary>
    /// <param name="memory">4 n floats: the line, real and imaginary parts in turn, and as much again.</param>
    /// <returns>Where in the memory the transform is.</returns>
    public readonly int Run(ArrayView<float> memory)
    {
        int m = Length, s = 1, from = 0, to = 2 * Length;
        Group.Barrier();
        for (var pass = 0; pass < Passes; pass++)
        {
            var radix = Radices[pass];
            m /= radix;
            for (var o = Group.IdxX; o < Length; o += Group.DimX)
            {
                Make(memory, o, radix, m, s, from, to);
            }

            Group.Barrier();
            (from, to) = (to, from);
            s *= radix;
        }

        return from;
    }

    private readonly void Make(ArrayView<float> memory, int o, int radix, int m, int s, int from, int to)
    {
        int q = o % s, rest = o / s, k = rest % radix, p = rest / radix;
        int turn = s * k * p, step = s * k * m, source = from + (2 * (q + (s * p))), stride = 2 * s * m;
        turn %= Length;
        float re = 0, im = 0;
        for (var j = 0; j < radix; j++)
        {
            float a = memory[source], b = memory[source + 1], c = Roots[2 * turn], d = Roots[(2 * turn) + 1];
            re += (a * c) - (b * d);
            im += (a * d) + (b * c);
            source += stride;
            turn += step;
            turn -= turn >= Length ? Length : 0;
        }

        memory[to + (2 * o)] = re;
        memory[to + (2 * o) + 1] = im;
    }
}
