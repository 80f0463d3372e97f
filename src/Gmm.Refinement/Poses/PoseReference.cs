using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What particles of one half and one optics group are compared with: the same model in bands from coarse to fine.</summary>
public sealed class PoseReference
{
    /// <summary>Makes a reference.</summary>
    /// <param name="bands">Bands, coarse to fine; the discs must share the box length.</param>
    /// <param name="pivot">The point about which an optimizer turns the model, angstrom from the box centre: the middle of a part far off it.</param>
    /// <exception cref="ArgumentException">No band, a scorer and a projector on different discs, or bands out of order.</exception>
    public PoseReference(IReadOnlyList<PoseBand> bands, (double X, double Y, double Z) pivot = default)
    {
        ArgumentNullException.ThrowIfNull(bands);
        if (bands.Count == 0)
        {
            throw new ArgumentException("A reference needs at least one band.", nameof(bands));
        }

        for (var b = 0; b < bands.Count; b++)
        {
            if (bands[b].Projector.Disc != bands[b].Scorer.Disc || (bands[b].Rest is { } rest && rest.Disc != bands[b].Scorer.Disc))
            {
                throw new ArgumentException("The projector and the scorer of a band must share one disc.", nameof(bands));
            }

            if (b > 0 && bands[b].Scorer.Disc.Radius < bands[b - 1].Scorer.Disc.Radius)
            {
                throw new ArgumentException("Bands go from coarse to fine.", nameof(bands));
            }
        }

        (Bands, Pivot) = (bands, pivot);
        var model = bands[^1].Projector.Model;
        double square = 0, mass = 0;
        for (var j = 0; j < model.Count; j++)
        {
            double x = model.X[j] - pivot.X, y = model.Y[j] - pivot.Y, z = model.Z[j] - pivot.Z;
            var r2 = (x * x) + (y * y) + (z * z);
            var a = Math.Abs((double)model.Amplitudes[j]);
            square += a * r2;
            mass += a;
        }

        Radius = mass > 0 ? Math.Max(1, Math.Sqrt(square / mass)) : 1;
    }

    /// <summary>The bands, coarse to fine.</summary>
    public IReadOnlyList<PoseBand> Bands { get; }

    /// <summary>Sign of the Ewald sphere's curvature, on which the bands' projectors project then (<see cref="ICurvedProjector"/>); 0: the plane.</summary>
    internal int EwaldSign { get; init; }

    /// <summary>The finest disc.</summary>
    public FourierDisc Disc => Bands[^1].Scorer.Disc;

    /// <summary>The point about which an optimizer turns the model, angstrom from the box centre.</summary>
    public (double X, double Y, double Z) Pivot { get; }

    /// <summary>Radius of gyration of the model about the pivot, angstrom: how far a rotation by one radian moves the typical Gaussian.</summary>
    public double Radius { get; }
}
