using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>One atom as a file has it, before alternative locations are chosen.</summary>
internal readonly record struct AtomRecord()
{
    /// <summary>No coordinate of a molecule in angstrom is larger, in the frame of any map, nor any B factor or occupancy.</summary>
    public const float Greatest = 1e6f;

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

    /// <summary>A coordinate, B factor or occupancy of a file.</summary>
    /// <exception cref="InvalidInputException">The text is no number, or one that no molecule has.</exception>
    public static double Number(ReadOnlySpan<char> text, string path, int line, string field)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || double.IsNaN(value))
        {
            throw new InvalidInputException($"\"{text}\" is not a number", path, line, field);
        }

        return Math.Abs(value) <= Greatest ? value : throw new InvalidInputException($"{text} is beyond any molecule", path, line, field);
    }
}
