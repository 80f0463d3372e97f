namespace Gmm.IO;

/// <summary>One atom as a file has it, before alternative locations are chosen.</summary>
internal readonly record struct AtomRecord()
{
    /// <summary>Angstrom: no coordinate of a molecule is larger, in the frame of any map.</summary>
    public const float FarthestCoordinate = 1e6f;

    public required double X { get; init; }

    public required double Y { get; init; }

    public required double Z { get; init; }

    public required float Occupancy { get; init; }

    public required float BFactor { get; init; }

    /// <summary>Atomic number; 0 where the file has no element.</summary>
    public required byte AtomicNumber { get; init; }

    public required string Chain { get; init; }

    public required int ResidueNumber { get; init; }

    public required string InsertionCode { get; init; }

    public required string Residue { get; init; }

    public required string Name { get; init; }

    /// <summary>Blanks before the name in the four columns of a PDB file, which say where its element ends; -1 where there are no columns.</summary>
    public int NameColumn { get; init; } = -1;

    /// <summary>Whether the file says HETATM: not of a standard polymer residue.</summary>
    public bool IsHetero { get; init; }

    /// <summary>Label of the alternative location; empty for none.</summary>
    public required string Alternative { get; init; }
}
