namespace Gmm.Torch;

/// <summary>Settings of a <see cref="TorchProjector"/>.</summary>
public sealed record TorchProjectorOptions
{
    /// <summary>How sums are computed.</summary>
    public ProjectionForm Form { get; init; }

    /// <summary>Error of the gridding and the managed form relative to each ring's rms, 1e-6 to 1e-2.</summary>
    public double Accuracy { get; init; } = 1e-5;

    /// <summary>
    /// Bytes of working memory at most, roughly: images and Gaussians are taken in chunks that fit. What does not fit with its intermediate values
    /// is computed once more in the backward pass.
    /// </summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Threads of the managed form; libtorch has its own number (<c>torch.set_num_threads</c>). Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value out of range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Accuracy, 1e-6);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Accuracy, 1e-2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MemoryBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
    }

    /// <summary>What parts that project on a device call it: with the form, where one was chosen, for it decides the last bits of results.</summary>
    internal static string NameOf(Device device, TorchProjectorOptions? options) => options?.Form switch
    {
        null or ProjectionForm.Auto => TorchDevices.NameOf(device),
        var form => $"{TorchDevices.NameOf(device)} by {form.Value.ToString().ToLowerInvariant()}",
    };
}
