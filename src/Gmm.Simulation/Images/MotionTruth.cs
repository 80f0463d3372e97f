using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>How every particle's domains have moved, or where it is on its path. Particle i depends on the seed and on i alone.</summary>
public sealed class MotionTruth
{
    private const int PathStream = 7;
    private const int DomainStream = 1000;

    private readonly double[][] _angles;
    private readonly RigidMotion[][] _motions;
    private readonly double[] _coordinates;

    private MotionTruth(DomainGeometry[] domains, double[][] angles, RigidMotion[][] motions, double[] coordinates) =>
        (Domains, _angles, _motions, _coordinates) = (domains, angles, motions, coordinates);

    /// <summary>The domains at rest.</summary>
    public IReadOnlyList<DomainGeometry> Domains { get; }

    /// <summary>Coordinate of each particle on the path, 0 to 1; empty without a path.</summary>
    public IReadOnlyList<double> Coordinates => _coordinates;

    /// <summary>Hinge angles.</summary>
    /// <param name="domain">Domain, from 0.</param>
    /// <returns>The angle of each particle, degrees; 0 without hinge.</returns>
    public IReadOnlyList<double> AnglesOf(int domain) => _angles[domain];

    /// <summary>A domain's motions.</summary>
    /// <param name="domain">Domain, from 0.</param>
    /// <returns>The motion of each particle's domain, in angstrom from the box centre.</returns>
    public IReadOnlyList<RigidMotion> MotionsOf(int domain) => _motions[domain];

    /// <summary>Draws the motions.</summary>
    /// <param name="motion">What moves.</param>
    /// <param name="atoms">The atoms in the model's own coordinates.</param>
    /// <param name="centre">What is taken off them, angstrom.</param>
    /// <param name="count">Number of particles.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The truth.</returns>
    internal static MotionTruth Draw(SimulatedMotion motion, IReadOnlyList<SimulatedAtom> atoms, (double X, double Y, double Z) centre, int count, int seed)
    {
        var domains = motion.Domains.Select(d => DomainGeometry.Measure(d, atoms, centre)).ToArray();
        var angles = domains.Select(_ => new double[count]).ToArray();
        var motions = domains.Select(_ => new RigidMotion[count]).ToArray();
        for (var d = 0; d < domains.Length; d++)
        {
            for (var i = 0; i < count; i++)
            {
                (angles[d][i], motions[d][i]) = DrawOne(motion.Domains[d], domains[d], new SeededGenerator(seed, DomainStream + d, i));
            }
        }

        var coordinates = motion.Path is null ? [] : new double[count];
        for (var i = 0; i < coordinates.Length; i++)
        {
            coordinates[i] = new SeededGenerator(seed, PathStream, i).Uniform();
        }

        return new MotionTruth(domains, angles, motions, coordinates);
    }

    /// <summary>Distance from the box centre of the farthest atom in any particle.</summary>
    /// <param name="model">The atoms at rest.</param>
    /// <param name="motion">What moves.</param>
    /// <param name="room">Up to this distance, angstrom, it need not be exact: then a bound is enough.</param>
    /// <returns>The distance, or a bound within <paramref name="room"/>.</returns>
    internal double Farthest(ScatteringModel model, SimulatedMotion motion, double room)
    {
        var farthest = model.MaxRadius;
        if (motion.Path is { } path)
        {
            // Between two frames the atoms are on straight lines, whose ends are farthest.
            var positions = new double[3 * path.AtomCount];
            for (var f = 0; f < path.FrameCount; f++)
            {
                path.At((double)f / (path.FrameCount - 1), positions);
                for (var i = 0; i < positions.Length; i += 3)
                {
                    farthest = Math.Max(
                        farthest, Length((positions[i] - model.Centre.X, positions[i + 1] - model.Centre.Y, positions[i + 2] - model.Centre.Z)));
                }
            }
        }

        for (var d = 0; d < Domains.Count; d++)
        {
            var atoms = motion.Domains[d].Atoms.ToHashSet();
            var part = model.Part(atoms.Contains);
            var (x, y, z) = Domains[d].Centroid;
            var places = part.X.Select((v, j) => (X: v, Y: part.Y[j], Z: part.Z[j])).ToArray();
            var radius = places.Max(p => Length((p.X - x, p.Y - y, p.Z - z)));
            foreach (var move in _motions[d])
            {
                var bound = Length(move.Apply((x, y, z))) + radius;
                farthest = Math.Max(farthest, bound <= room ? bound : places.Max(p => Length(move.Apply(p))));
            }
        }

        return farthest;
    }

    private static double Length((double X, double Y, double Z) v) => Math.Sqrt((v.X * v.X) + (v.Y * v.Y) + (v.Z * v.Z));

    private static (double Angle, RigidMotion Motion) DrawOne(MovingDomain domain, DomainGeometry geometry, SeededGenerator random)
    {
        double angle = 0;
        var motion = RigidMotion.Identity;
        if (domain.Hinge is { } hinge)
        {
            angle = hinge.SdDegrees > 0 ? hinge.SdDegrees * random.Normal() : geometry.HalfRangeDegrees * ((2 * random.Uniform()) - 1);
            var (a, (x, y, z)) = (angle * (Math.PI / 180), geometry.HingeAxis);
            motion = RigidMotion.About(Rotation.FromRotationVector(a * x, a * y, a * z), geometry.HingePoint);
        }

        if (domain.JitterDegrees > 0 || domain.JitterAngstrom > 0)
        {
            var (turn, move) = (domain.JitterDegrees * (Math.PI / 180) / Math.Sqrt(3), domain.JitterAngstrom / Math.Sqrt(3));
            var rotation = Rotation.FromRotationVector(turn * random.Normal(), turn * random.Normal(), turn * random.Normal());
            var jitter = RigidMotion.About(rotation, motion.Apply(geometry.Centroid));
            motion = motion.Then(
                jitter with { X = jitter.X + (move * random.Normal()), Y = jitter.Y + (move * random.Normal()), Z = jitter.Z + (move * random.Normal()) });
        }

        return (angle, motion);
    }
}
