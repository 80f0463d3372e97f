namespace Gmm.Core;

/// <summary>How a computation runs: the degree of parallelism and the seed. Results do not depend on the degree of parallelism.</summary>
public sealed record ComputeOptions
{
    /// <summary>Threads to use at most; all processors by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public void Validate() => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
}
