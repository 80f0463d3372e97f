namespace Gmm.Core;

/// <summary>How a computation runs: the degree of parallelism and the seed. Results do not depend on the degree of parallelism.</summary>
public sealed record ComputeOptions
{
    /// <summary>Threads to use at most; all processors by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Stops long work inside a call; what it throws is <see cref="OperationCanceledException"/>. A method that takes a token of its own looks at
    /// both.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The same options for a parallel loop.</summary>
    public ParallelOptions Parallelism => new() { MaxDegreeOfParallelism = Threads, CancellationToken = CancellationToken };

    /// <summary>These options, stopped by a method's own token where it has one.</summary>
    /// <param name="cancellationToken">The token.</param>
    /// <returns>The options to hand on.</returns>
    public ComputeOptions StoppedBy(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? this with { CancellationToken = cancellationToken } : this;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public void Validate() => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
}
