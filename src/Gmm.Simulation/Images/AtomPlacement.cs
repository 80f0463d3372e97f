using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>Where the atoms of a particle are seen: moved as its own truth says, each atom by itself, then rotated and projected.</summary>
/// <param name="model">The atoms at rest.</param>
/// <param name="motion">What moves; null: nothing.</param>
/// <param name="truth">How it moves; null where nothing does.</param>
internal sealed class AtomPlacement(ScatteringModel model, SimulatedMotion? motion, MotionTruth? truth)
{
    /// <summary>Number of the domain of each atom, from 1; 0 for those at rest.</summary>
    private readonly int[] _domain = DomainOf(model, motion);

    /// <summary>The particle number that stands for the structure at rest.</summary>
    public const int AtRest = -1;

    /// <summary>Values of scratch that <see cref="Project"/> needs.</summary>
    public int ScratchLength => 3 * (motion?.Path?.AtomCount ?? 0);

    /// <summary>Projects the atoms of a particle.</summary>
    /// <param name="rotation">Its orientation.</param>
    /// <param name="particle">The particle, from 0, or <see cref="AtRest"/>.</param>
    /// <param name="u">X of every atom, angstrom, in the model's order.</param>
    /// <param name="v">Y of every atom.</param>
    /// <param name="scratch">The caller's scratch.</param>
    public void Project(in Rotation rotation, int particle, Span<double> u, Span<double> v, double[] scratch)
    {
        if (particle >= 0 && motion?.Path is { } path)
        {
            ProjectPath(rotation, path, truth!.Coordinates[particle], u, v, scratch);
            return;
        }

        // The rigid motion and the rotation are one affine map for each domain.
        var domains = particle < 0 || truth is null ? 0 : truth.Domains.Count;
        Span<Row> rows = stackalloc Row[2 * (domains + 1)];
        (rows[0], rows[1]) = Rows(rotation, RigidMotion.Identity);
        for (var d = 0; d < domains; d++)
        {
            (rows[(2 * d) + 2], rows[(2 * d) + 3]) = Rows(rotation, truth!.MotionsOf(d)[particle]);
        }

        for (var j = 0; j < u.Length; j++)
        {
            var d = domains == 0 ? 0 : 2 * _domain[j];
            double x = model.X[j], y = model.Y[j], z = model.Z[j];
            u[j] = rows[d].At(x, y, z);
            v[j] = rows[d + 1].At(x, y, z);
        }
    }

    private static (Row U, Row V) Rows(in Rotation rotation, in RigidMotion motion)
    {
        var a = rotation * motion.Rotation;
        var (x, y, _) = rotation.Apply(motion.X, motion.Y, motion.Z);
        return (new Row(a.M00, a.M01, a.M02, x), new Row(a.M10, a.M11, a.M12, y));
    }

    private static int[] DomainOf(ScatteringModel model, SimulatedMotion? motion)
    {
        var domain = new int[model.X.Length];
        if (motion is null)
        {
            return domain;
        }

        var owner = new Dictionary<int, int>();
        for (var d = 0; d < motion.Domains.Count; d++)
        {
            foreach (var atom in motion.Domains[d].Atoms)
            {
                owner[atom] = d + 1;
            }
        }

        return Array.ConvertAll(model.Source, s => owner.GetValueOrDefault(s));
    }

    private void ProjectPath(in Rotation rotation, ConformationPath path, double coordinate, Span<double> u, Span<double> v, double[] scratch)
    {
        path.At(coordinate, scratch);
        var (row0, row1) = Rows(rotation, RigidMotion.Identity);
        for (var j = 0; j < u.Length; j++)
        {
            var i = 3 * model.Source[j];
            double x = scratch[i] - model.Centre.X, y = scratch[i + 1] - model.Centre.Y, z = scratch[i + 2] - model.Centre.Z;
            u[j] = row0.At(x, y, z);
            v[j] = row1.At(x, y, z);
        }
    }

    private readonly record struct Row(double X, double Y, double Z, double Shift)
    {
        public double At(double x, double y, double z) => (X * x) + (Y * y) + (Z * z) + Shift;
    }
}
