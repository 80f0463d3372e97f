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

    internal AtomicModel(IReadOnlyList<AtomRecord> atoms)
    {
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
    }

    /// <summary>Number of atoms.</summary>
    public int Count => _x.Length;

    /// <summary>X coordinates, angstrom.</summary>
    public ReadOnlySpan<double> X => _x;

    /// <summary>Y coordinates, angstrom.</summary>
    public ReadOnlySpan<double> Y => _y;

    /// <summary>Z coordinates, angstrom.</summary>
    public ReadOnlySpan<double> Z => _z;

    /// <summary>Isotropic B factors, square angstrom.</summary>
    public ReadOnlySpan<float> BFactors => _bFactors;

    /// <summary>Occupancies, 0 to 1.</summary>
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

    /// <summary>Whether an atom is hydrogen or deuterium.</summary>
    /// <param name="index">Atom, from 0.</param>
    /// <returns>True if it is.</returns>
    public bool IsHydrogen(int index) => _atomicNumbers[index] == 1;
}
