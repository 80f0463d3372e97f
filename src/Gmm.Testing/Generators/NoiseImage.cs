namespace Gmm.Testing;

/// <summary>An image of independent normal numbers, of any size, odd and even: what a transform must bring back whatever it is.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Seed">What its values are drawn from.</param>
public readonly record struct NoiseImage(int Height, int Width, int Seed)
{
    /// <summary>The values.</summary>
    /// <returns>Height x Width values, x fastest, mean 0 and variance 1.</returns>
    public float[] Pixels() => Draw.Normals(new Random(Seed), Height * Width);
}
