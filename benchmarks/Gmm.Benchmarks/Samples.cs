namespace Gmm.Benchmarks;

/// <summary>Seeded input.</summary>
internal static class Samples
{
    public static float[] Random(int count)
    {
        var random = new Random(1);
        var values = new float[count];
        foreach (ref var v in values.AsSpan())
        {
            v = random.NextSingle() - 0.5f;
        }

        return values;
    }
}
