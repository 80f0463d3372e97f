using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>Sums the Gaussians of atoms on a grid in real space.</summary>
internal static class ModelDensity
{
    /// <summary>Planes of a block of work; fixed, and an atom's order within a block too, so that threads change nothing.</summary>
    private const int PlanesPerBlock = 8;

    /// <summary>-ln of the part of a Gaussian's height at which it is cut off.</summary>
    private const double Tail = 16;

    /// <summary>Adds every atom's density.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="options">Resolution and the coarse grid.</param>
    /// <param name="grid">Voxels of the fine grid, which spans the same box.</param>
    /// <param name="extra">B factor added to every atom.</param>
    /// <param name="density">The fine grid, x fastest.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="cancellationToken">Stops the work between blocks.</param>
    public static void Sum(
        IReadOnlyList<SimulatedAtom> atoms, ModelMapOptions options, (int X, int Y, int Z) grid, double extra, float[] density, int threads,
        CancellationToken cancellationToken)
    {
        var terms = Terms(atoms, options, extra);
        var step = options.PixelSize * options.Size.Z / grid.Z;
        var blocks = (grid.Z + PlanesPerBlock - 1) / PlanesPerBlock;
        var members = Enumerable.Range(0, blocks).Select(_ => new List<int>()).ToArray();
        for (var t = 0; t < terms.Length; t++)
        {
            var z = (terms[t].Z - options.Origin.Z) / step;
            var reach = terms[t].Radius / step;
            int from = Math.Max(0, (int)Math.Ceiling(z - reach)), to = Math.Min(grid.Z - 1, (int)Math.Floor(z + reach));
            for (var b = from / PlanesPerBlock; from <= to && b <= to / PlanesPerBlock; b++)
            {
                members[b].Add(t);
            }
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Guarded.For(0, blocks, parallel, b =>
        {
            var rows = new float[grid.X];
            foreach (var t in members[b])
            {
                Add(terms[t], options, grid, density, b * PlanesPerBlock, Math.Min(grid.Z, (b + 1) * PlanesPerBlock), rows);
            }
        });
    }

    private static Term[] Terms(IReadOnlyList<SimulatedAtom> atoms, ModelMapOptions options, double extra)
    {
        var terms = new List<Term>(5 * atoms.Count);
        foreach (var a in atoms)
        {
            var element = ElectronScattering.Find(a.Element)!;
            for (var i = 0; i < element.A.Length; i++)
            {
                // exp(-b k^2 / 4) is in real space (4 pi / b)^(3/2) exp(-4 pi^2 r^2 / b).
                var b = element.B[i] + (options.UseBFactors ? Math.Max(0, a.BFactor) : 0) + (4 * options.Resolution * options.Resolution) + extra;
                var exponent = 4 * Math.PI * Math.PI / b;
                terms.Add(new Term(a.X, a.Y, a.Z, a.Occupancy * element.A[i] * Math.Pow(4 * Math.PI / b, 1.5), exponent, Math.Sqrt(Tail / exponent)));
            }
        }

        return [.. terms];
    }

    private static void Add(Term t, ModelMapOptions options, (int X, int Y, int Z) grid, float[] density, int firstPlane, int endPlane, float[] row)
    {
        var p = options.PixelSize;
        var (x0, x1, stepX) = Range(t.X - options.Origin.X, t.Radius, p * options.Size.X / grid.X, 0, grid.X);
        var (y0, y1, stepY) = Range(t.Y - options.Origin.Y, t.Radius, p * options.Size.Y / grid.Y, 0, grid.Y);
        var (z0, z1, stepZ) = Range(t.Z - options.Origin.Z, t.Radius, p * options.Size.Z / grid.Z, firstPlane, endPlane);
        if (x1 < x0 || y1 < y0 || z1 < z0)
        {
            return;
        }

        var values = row.AsSpan(0, x1 - x0 + 1);
        for (var x = x0; x <= x1; x++)
        {
            values[x - x0] = (float)(t.Height * Math.Exp(-t.Exponent * Square((x * stepX) + options.Origin.X - t.X)));
        }

        for (var z = z0; z <= z1; z++)
        {
            var dz2 = Square((z * stepZ) + options.Origin.Z - t.Z);
            for (var y = y0; y <= y1; y++)
            {
                var d2 = dz2 + Square((y * stepY) + options.Origin.Y - t.Y);
                if (d2 <= t.Radius * t.Radius)
                {
                    var target = density.AsSpan((((z * grid.Y) + y) * grid.X) + x0, values.Length);
                    TensorPrimitives.MultiplyAdd(values, (float)Math.Exp(-t.Exponent * d2), target, target);
                }
            }
        }
    }

    private static (int First, int Last, double Step) Range(double centre, double radius, double step, int begin, int end) =>
        (Math.Max(begin, (int)Math.Ceiling((centre - radius) / step)), Math.Min(end - 1, (int)Math.Floor((centre + radius) / step)), step);

    private static double Square(double v) => v * v;

    /// <summary>One Gaussian of one atom.</summary>
    private readonly record struct Term(double X, double Y, double Z, double Height, double Exponent, double Radius);
}
