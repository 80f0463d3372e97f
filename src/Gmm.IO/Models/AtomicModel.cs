namespace Gmm.IO;

/// <summary>The atoms of a model, held by component: coordinates in angstrom as in the file.</summary>
public sealed class AtomicModel
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _z;
    private readonly float[] _bFactors;
    private readonly float[] _occupancies;
    private readonly byte[] _atomicNumbers;
    private readonly int[] _residueNumbers;
    private readonly bool[] _hetero;

    internal AtomicModel(IReadOnlyList<AtomRecord> atoms, IReadOnlyList<string>? warnings = null)
    {
        Warnings = warnings ?? [];
        _x = [.. atoms.Select(a => a.X)];
        _y = [.. atoms.Select(a => a.Y)];
        _z = [.. atoms.Select(a => a.Z)];
        _bFactors = [.. atoms.Select(a => a.BFactor)];
        _occupancies = [.. atoms.Select(a => a.Occupancy)];
        _atomicNumbers = [.. atoms.Select(a => a.AtomicNumber)];
        _residueNumbers = [.. atoms.Select(a => a.ResidueNumber)];
        Chains = [.. atoms.Select(a => a.Chain)];
        ResidueNames = [.. atoms.Select(a => a.Residue)];
        AtomNames = [.. atoms.Select(a => a.Name)];
        InsertionCodes = [.. atoms.Select(a => a.InsertionCode)];
        _hetero = [.. atoms.Select(a => a.IsHetero)];
    }

    private AtomicModel(AtomicModel other, float[] bFactors, double[] x, double[] y, double[] z)
    {
        (_x, _y, _z, _bFactors, _occupancies) = (x, y, z, bFactors, other._occupancies);
        (_atomicNumbers, _residueNumbers, _hetero) = (other._atomicNumbers, other._residueNumbers, other._hetero);
        (Chains, ResidueNames, AtomNames, InsertionCodes) = (other.Chains, other.ResidueNames, other.AtomNames, other.InsertionCodes);
        Warnings = other.Warnings;
    }

    /// <summary>Number of atoms.</summary>
    public int Count => _x.Length;

    /// <summary>X coordinates, angstrom.</summary>
    public ReadOnlySpan<double> X => _x;

    /// <summary>Y coordinates, angstrom.</summary>
    public ReadOnlySpan<double> Y => _y;

    /// <summary>Z coordinates, angstrom.</summary>
    public ReadOnlySpan<double> Z => _z;

    /// <summary>Isotropic B factors, square angstrom; 0 where the file has none, or a predictor's confidence in their place.</summary>
    public ReadOnlySpan<float> BFactors => _bFactors;

    /// <summary>Occupancies, 0 to 1; 1 where the file has none.</summary>
    public ReadOnlySpan<float> Occupancies => _occupancies;

    /// <summary>Atomic numbers; 1 for hydrogen and deuterium, 0 where the file's element is unknown.</summary>
    public ReadOnlySpan<byte> AtomicNumbers => _atomicNumbers;

    /// <summary>Residue numbers (the authors').</summary>
    public ReadOnlySpan<int> ResidueNumbers => _residueNumbers;

    /// <summary>Chain names (the authors').</summary>
    public IReadOnlyList<string> Chains { get; }

    /// <summary>Residue names, such as "ALA".</summary>
    public IReadOnlyList<string> ResidueNames { get; }

    /// <summary>Atom names, such as "CA".</summary>
    public IReadOnlyList<string> AtomNames { get; }

    /// <summary>Insertion codes of the residues, which tell residues of one number apart; empty for none.</summary>
    public IReadOnlyList<string> InsertionCodes { get; }

    /// <summary>What was assumed, chosen or left out in reading the file, a sentence each. Show these to the user.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Whether the file has an atom as HETATM: of a ligand, a water or a modified residue.</summary>
    /// <param name="index">Atom, from 0.</param>
    /// <returns>True if it has.</returns>
    public bool IsHetero(int index) => _hetero[index];

    /// <summary>The same atoms with other values in the place of the B factors, such as a score to colour by.</summary>
    /// <param name="values">One for each atom, kept, not copied; NaN stands for "no value" and is written as <c>?</c>.</param>
    /// <returns>The model; all else is shared.</returns>
    /// <exception cref="ArgumentException">Another number of values than of atoms.</exception>
    public AtomicModel WithBFactors(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Length == Count
            ? new AtomicModel(this, values, _x, _y, _z)
            : throw new ArgumentException($"{Count} atoms cannot have {values.Length} values.", nameof(values));
    }

    /// <summary>The same atoms in other places, such as those of another conformation.</summary>
    /// <param name="x">X of each atom, angstrom; kept, not copied.</param>
    /// <param name="y">Y of each atom.</param>
    /// <param name="z">Z of each atom.</param>
    /// <returns>The model; all else is shared.</returns>
    /// <exception cref="ArgumentException">Another number of values than of atoms.</exception>
    public AtomicModel WithCoordinates(double[] x, double[] y, double[] z)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(z);
        return x.Length == Count && y.Length == Count && z.Length == Count
            ? new AtomicModel(this, _bFactors, x, y, z)
            : throw new ArgumentException($"{Count} atoms cannot have {x.Length}, {y.Length} and {z.Length} coordinates.", nameof(x));
    }

    /// <summary>Whether an atom is hydrogen or deuterium.</summary>
    /// <param name="index">Atom, from 0.</param>
    /// <returns>True if it is.</returns>
    public bool IsHydrogen(int index) => _atomicNumbers[index] == 1;
}
