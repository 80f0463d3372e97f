using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>The atoms as the simulator sees them: centred, sorted into groups of one scattering factor (element and B class).</summary>
internal sealed class ScatteringModel
{
    private ScatteringModel(double[] x, double[] y, double[] z, float[] weight, Group[] groups, int[] source, (double X, double Y, double Z) centre)
    {
        (X, Y, Z, Weight, Groups, Source, Centre) = (x, y, z, weight, groups, source, centre);
        for (var i = 0; i < x.Length; i++)
        {
            MaxRadius = Math.Max(MaxRadius, Math.Sqrt((x[i] * x[i]) + (y[i] * y[i]) + (z[i] * z[i])));
        }
    }

    /// <summary>X of the atoms, angstrom from the centre of mass, group by group.</summary>
    public double[] X { get; }

    /// <summary>Y of the atoms.</summary>
    public double[] Y { get; }

    /// <summary>Z of the atoms.</summary>
    public double[] Z { get; }

    /// <summary>Occupancy of the atoms.</summary>
    public float[] Weight { get; }

    /// <summary>The groups.</summary>
    public Group[] Groups { get; }

    /// <summary>Index of each atom among those it was made from.</summary>
    public int[] Source { get; }

    /// <summary>Centre of mass in the model's own coordinates, angstrom: what was taken off.</summary>
    public (double X, double Y, double Z) Centre { get; }

    /// <summary>Distance of the farthest atom from the centre, angstrom.</summary>
    public double MaxRadius { get; }

    /// <summary>Sorts the atoms.</summary>
    /// <param name="atoms">Position (angstrom), element, B factor (square angstrom), occupancy.</param>
    /// <param name="options">B factors and solvent.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InvalidInputException">No atom, an element without scattering factor, a value not finite.</exception>
    public static ScatteringModel Create(IReadOnlyList<SimulatedAtom> atoms, SimulationOptions options)
    {
        var centre = SimulatedAtom.CentreOfMass(atoms);
        var bFactors = atoms.Select(a => a.BFactor).Order().ToArray();
        var median = bFactors[bFactors.Length / 2];
        var groups = new List<Group>();
        var order = new List<int>();
        var byElement = Enumerable.Range(0, atoms.Count).GroupBy(i => ElectronScattering.Find(atoms[i].Element)!.Symbol)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var element in byElement)
        {
            // Classes of equal number by B factor; the file's order breaks ties, so the result is defined.
            var sorted = element.OrderBy(i => atoms[i].BFactor).ThenBy(i => i).ToArray();
            var classes = atoms[sorted[0]].BFactor == atoms[sorted[^1]].BFactor ? 1 : Math.Min(options.AtomBClasses, sorted.Length);
            for (var c = 0; c < classes; c++)
            {
                int first = (int)((long)sorted.Length * c / classes), end = (int)((long)sorted.Length * (c + 1) / classes);
                var members = sorted[first..end].Order().ToArray();
                var mean = members.Average(i => atoms[i].BFactor);
                var b = Math.Max(0, options.BFactor + (options.AtomBScale * (mean - median)));
                groups.Add(new Group(ElectronScattering.Find(element.Key)!, b, order.Count, order.Count + members.Length));
                order.AddRange(members);
            }
        }

        return new ScatteringModel(
            [.. order.Select(i => atoms[i].X - centre.X)],
            [.. order.Select(i => atoms[i].Y - centre.Y)],
            [.. order.Select(i => atoms[i].Z - centre.Z)],
            [.. order.Select(i => (float)atoms[i].Occupancy)],
            [.. groups],
            [.. order],
            centre);
    }

    /// <summary>A part of the model, in the frame of the whole and with the scattering factors it has there.</summary>
    /// <param name="keep">Whether an atom belongs to it, by its index among those the model was made from.</param>
    /// <returns>The part.</returns>
    public ScatteringModel Part(Func<int, bool> keep)
    {
        var kept = new List<int>();
        var groups = new List<Group>();
        foreach (var group in Groups)
        {
            var first = kept.Count;
            kept.AddRange(Enumerable.Range(group.First, group.End - group.First).Where(j => keep(Source[j])));
            if (kept.Count > first)
            {
                groups.Add(group with { First = first, End = kept.Count });
            }
        }

        return new ScatteringModel(
            [.. kept.Select(j => X[j])], [.. kept.Select(j => Y[j])], [.. kept.Select(j => Z[j])], [.. kept.Select(j => Weight[j])],
            [.. groups], [.. kept.Select(j => Source[j])], Centre);
    }

    /// <summary>Atoms of one scattering factor.</summary>
    /// <param name="Element">The element.</param>
    /// <param name="BFactor">B factor of the class, the whole structure's included.</param>
    /// <param name="First">First atom.</param>
    /// <param name="End">One past the last atom.</param>
    internal sealed record Group(ElectronScattering Element, double BFactor, int First, int End)
    {
        /// <summary>The transform of one atom less the solvent it displaces.</summary>
        /// <param name="k2">|k|^2, 1/angstrom^2.</param>
        /// <param name="options">The solvent.</param>
        /// <returns>Angstrom.</returns>
        /// <remarks>
        /// The displaced volume V is a Gaussian of that integral, exp(-pi V^(2/3) k^2) in Fourier space (Fraser, MacRae and Suzuki,
        /// J. Appl. Cryst. 11 (1978) 693). Hydrogens are counted in their heavy atom's volume.
        /// </remarks>
        public double Factor(double k2, SimulationOptions options)
        {
            var v = Element.Symbol == "H" ? 0 : options.AtomVolume;
            var solvent = options.SolventDensity * v * Math.Exp(-Math.PI * Math.Pow(v, 2.0 / 3) * k2);
            return (Element.Factor(k2) - solvent) * Math.Exp(-BFactor * k2 / 4);
        }
    }
}
