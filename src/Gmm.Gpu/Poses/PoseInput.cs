using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>Particles to refine as they come from the host, and where their climbs ended.</summary>
/// <param name="card">The card.</param>
/// <param name="count">Number of particles.</param>
/// <param name="input">Floats of an image as it comes from the host.</param>
internal sealed class PoseInput(GpuCard card, int count, long input) : IDisposable
{
    private readonly Sent<double> _rest = new(card, (long)ClimbState.PoseLength * count);

    /// <summary>The images.</summary>
    public ImageInput Images { get; } = new(card, count, input);

    /// <summary>Poses to start from.</summary>
    public Sent<double> Starts { get; } = new(card, (long)ClimbState.PoseLength * count);

    /// <summary>What is known of the poses beforehand (<see cref="DevicePrior"/>).</summary>
    public Sent<double> Priors { get; } = new(card, (long)DevicePrior.Length * count);

    /// <summary>Poses of the part that stays.</summary>
    public ArrayView<double> RestPoses => _rest.View;

    /// <summary>Whether anything is known beforehand.</summary>
    public bool HasPriors { get; private set; }

    /// <summary>Whether a part stays.</summary>
    public bool HasRest { get; private set; }

    /// <summary>Where the climbs ended (<see cref="ClimbState"/>), in page-locked memory.</summary>
    public PageLockedArray1D<double> State { get; } = card.Pinned<double>((long)ClimbState.Length * count);

    /// <summary>Bytes of a particle on the card.</summary>
    public static long BytesOf(long input) => ImageInput.BytesOf(input) + (sizeof(double) * ((2 * ClimbState.PoseLength) + DevicePrior.Length));

    /// <summary>Reads particles.</summary>
    /// <param name="batch">Where they come from.</param>
    /// <param name="reference">What they are compared with.</param>
    /// <param name="part">Their indices.</param>
    /// <param name="compute">Threads.</param>
    /// <exception cref="InvalidInputException">An image or a CTF cannot be used: the first in the order given.</exception>
    public void Fill(PoseBatch batch, DeviceReference reference, int[] part, ComputeOptions compute)
    {
        Images.Fill(batch.Images, reference.Images, part, compute);
        HasRest = reference.Rest.Count > 0 && batch.RestPoses is not null;
        HasPriors = batch.Prior is not null;
        for (var n = 0; n < part.Length; n++)
        {
            ClimbState.Put(batch.Starts[part[n]], Starts.Span[(n * ClimbState.PoseLength)..]);
            if (HasRest)
            {
                ClimbState.Put(batch.RestPoses![part[n]], _rest.Span[(n * ClimbState.PoseLength)..]);
            }

            if (HasPriors)
            {
                DevicePrior.Put(batch.Prior!(part[n]), Priors.Span.Slice(n * DevicePrior.Length, DevicePrior.Length));
            }
        }
    }

    /// <summary>Asks for the copy to the card.</summary>
    public void Send(AcceleratorStream stream)
    {
        Images.Send(stream);
        Starts.Send(stream);
        _rest.Send(stream, HasRest ? null : 0);
        Priors.Send(stream, HasPriors ? null : 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Starts.Dispose();
        _rest.Dispose();
        Priors.Dispose();
        State.Dispose();
    }
}
