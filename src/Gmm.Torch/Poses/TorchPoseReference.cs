using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>What particles are compared with on a device: a model, its projector and a scorer. Disposes all three.</summary>
public sealed class TorchPoseReference : IDisposable
{
    /// <summary>Makes a reference.</summary>
    /// <param name="gaussians">The model.</param>
    /// <param name="projector">Its projector.</param>
    /// <param name="scorer">Compares on the projector's disc.</param>
    /// <param name="resolution">Resolution of the disc, angstrom: bounds the length of a step.</param>
    /// <param name="pivot">The point about which an optimizer turns the model, angstrom from the box centre: the middle of a part far off it.</param>
    /// <param name="rest">A part of the structure that does not move with the pose sought; null for none. Disposed with the reference.</param>
    /// <exception cref="ArgumentException">A projector and a scorer of different discs.</exception>
    public TorchPoseReference(
        GaussianTensors gaussians,
        ITorchProjector projector,
        ITorchScorer scorer,
        double resolution,
        (double X, double Y, double Z) pivot = default,
        GaussianTensors? rest = null)
    {
        ArgumentNullException.ThrowIfNull(gaussians);
        ArgumentNullException.ThrowIfNull(projector);
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        if (projector.Disc.Count != scorer.Disc.Count || projector.Disc.BoxLength != scorer.Disc.BoxLength)
        {
            throw new ArgumentException("The projector and the scorer must have the same disc.", nameof(scorer));
        }

        (Gaussians, Projector, Scorer, Resolution, Pivot, Rest) = (gaussians, projector, scorer, resolution, pivot, rest);
        using var scope = NewDisposeScope();
        using var no = no_grad();
        PivotOnDevice = TensorMemory.Write([pivot.X, pivot.Y, pivot.Z], [3, 1], gaussians.Centres.device).DetachFromDisposeScope();
        var mass = gaussians.Amplitudes.abs().to(ScalarType.Float64);
        var total = TensorMemory.Item<double>(mass.sum());
        var square = TensorMemory.Item<double>((mass * (gaussians.Centres.to(ScalarType.Float64) - PivotOnDevice.t()).square().sum(1)).sum());
        Radius = total > 0 ? Math.Max(1, Math.Sqrt(square / total)) : 1;
    }

    /// <summary>The model.</summary>
    public GaussianTensors Gaussians { get; }

    /// <summary>Its projector.</summary>
    public ITorchProjector Projector { get; }

    /// <summary>The scorer.</summary>
    public ITorchScorer Scorer { get; }

    /// <summary>Resolution of the disc, angstrom.</summary>
    public double Resolution { get; }

    /// <summary>The point about which an optimizer turns the model, angstrom from the box centre.</summary>
    public (double X, double Y, double Z) Pivot { get; }

    /// <summary>A part of the structure that does not move with the pose sought; null for none.</summary>
    public GaussianTensors? Rest { get; }

    /// <summary>Radius of gyration of the model about the pivot, angstrom: how far a rotation by one radian moves the typical Gaussian.</summary>
    public double Radius { get; }

    /// <summary>Copies the finest band of a managed reference to a device: the same model, disc and scorer.</summary>
    /// <param name="reference">The managed reference; its scorer one of Gmm.Core's.</param>
    /// <param name="device">Where to.</param>
    /// <param name="options">Form and memory of the projector; defaults, with the managed projector's accuracy, if null.</param>
    /// <returns>The reference on the device.</returns>
    /// <exception cref="ArgumentException">A scorer that has no counterpart here.</exception>
    public static TorchPoseReference From(PoseReference reference, Device device, TorchProjectorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var band = reference.Bands[^1];
        ITorchScorer scorer = band.Scorer switch
        {
            WhitenedCorrelationScorer whitened => new TorchWhitenedScorer(whitened),
            FourierRingCorrelationScorer ring => new TorchRingCorrelationScorer(ring.Disc, ring.FirstRing),
            var other => throw new ArgumentException($"{other.GetType().Name} has no counterpart on tensors.", nameof(reference)),
        };
        options ??= new TorchProjectorOptions { Accuracy = (band.Projector as GriddingProjector)?.Accuracy ?? GriddingProjector.DefaultAccuracy };
        GaussianTensors Model(IProjector<float> projector) => GaussianTensors.From(projector.Model, device, trainable: false);
        return new TorchPoseReference(
            Model(band.Projector),
            new TorchProjector(reference.Disc, options),
            scorer,
            band.Resolution,
            reference.Pivot,
            band.Rest is { } rest ? Model(rest) : null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gaussians.Dispose();
        Projector.Dispose();
        Scorer.Dispose();
        Rest?.Dispose();
        PivotOnDevice.Dispose();
    }

    /// <summary>[3, 1] Float64.</summary>
    internal Tensor PivotOnDevice { get; }

    /// <summary>Bytes that one image needs while it is evaluated, beside the projector's own.</summary>
    internal long BytesPerImage => 6L * 2 * sizeof(float) * 4 * Projector.Disc.Count;

    /// <summary>The type in which projections are computed.</summary>
    internal ScalarType Type => Gaussians.Centres.dtype;
}
