using System.Numerics;

namespace Gmm.Core;

/// <summary>
/// A random generator that is the same on every platform and release: xoshiro256++ (Blackman and Vigna, 2019), seeded by SplitMix64 from
/// (seed, stream, index), so that every particle has its own and threads cannot matter. Normal deviates by Marsaglia and Tsang's ziggurat
/// in Doornik's form (128 layers, layer and abscissa from different bits).
/// </summary>
internal struct SeededGenerator
{
    private const int Layers = 128;
    private const double Tail = 3.442619855899;
    private const double LayerArea = 9.91256303526217e-3;
    private static readonly double[] Edge = MakeEdges();
    private static readonly double[] Ratio = MakeRatios();

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">What the numbers are for.</param>
    /// <param name="index">The particle, micrograph or the like.</param>
    public SeededGenerator(long seed, int stream, long index)
    {
        var state = unchecked((ulong)seed);
        state = Mix(ref state) ^ unchecked((ulong)stream * 0xD1B54A32D192ED03);
        state = Mix(ref state) ^ unchecked((ulong)index * 0x8CB92BA72F3D8DD7);
        _s0 = Mix(ref state);
        _s1 = Mix(ref state);
        _s2 = Mix(ref state);
        _s3 = Mix(ref state);
    }

    /// <summary>64 random bits.</summary>
    /// <returns>The bits.</returns>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 (in) to 1 (out).</summary>
    /// <returns>The number.</returns>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer from 0 to count - 1; its bias is below 2^-32 for any count met here.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The integer.</returns>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>Puts values into a random order, every order alike (Fisher and Yates).</summary>
    /// <param name="values">The values, whose order changes.</param>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>A normal deviate of mean 0 and variance 1.</summary>
    /// <returns>The number.</returns>
    public double Normal()
    {
        while (true)
        {
            var bits = Next();
            var layer = (int)(bits & (Layers - 1));
            var u = ((bits >> 11) * (2.0 / (1UL << 53))) - 1;
            if (Math.Abs(u) < Ratio[layer])
            {
                return u * Edge[layer];
            }

            if (layer == 0)
            {
                return NormalTail(u < 0);
            }

            var x = u * Edge[layer];
            var f0 = Math.Exp(-0.5 * ((Edge[layer] * Edge[layer]) - (x * x)));
            var f1 = Math.Exp(-0.5 * ((Edge[layer + 1] * Edge[layer + 1]) - (x * x)));
            if (f1 + (Uniform() * (f0 - f1)) < 1)
            {
                return x;
            }
        }
    }

    /// <summary>A rotation uniform over SO(3), from a normal quaternion.</summary>
    /// <returns>The rotation.</returns>
    public Gmm.Core.Rotation Rotation() => Gmm.Core.Rotation.FromQuaternion(Normal(), Normal(), Normal(), Normal());

    private static ulong Mix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static double[] MakeEdges()
    {
        var edge = new double[Layers + 1];
        var f = Math.Exp(-0.5 * Tail * Tail);
        edge[0] = LayerArea / f;
        edge[1] = Tail;
        for (var i = 2; i < Layers; i++)
        {
            edge[i] = Math.Sqrt(-2 * Math.Log((LayerArea / edge[i - 1]) + f));
            f = Math.Exp(-0.5 * edge[i] * edge[i]);
        }

        return edge;
    }

    private static double[] MakeRatios()
    {
        var ratio = new double[Layers];
        for (var i = 0; i < Layers; i++)
        {
            ratio[i] = Edge[i + 1] / Edge[i];
        }

        return ratio;
    }

    private double NormalTail(bool negative)
    {
        double x, y;
        do
        {
            x = Math.Log(1 - Uniform()) / Tail;
            y = Math.Log(1 - Uniform());
        }
        while (-2 * y < x * x);
        return negative ? x - Tail : Tail - x;
    }
}
