using static System.FormattableString;

namespace Gmm.IO;

/// <summary>What a reader found in a model's file: the atoms of the first frame, and what tells about the file as a whole.</summary>
internal sealed class AtomTable
{
    private readonly HashSet<string> _otherChains = [];
    private int _unread;

    /// <summary>The atoms of the first frame, in the file's order.</summary>
    public List<AtomRecord> Atoms { get; } = [];

    /// <summary>Frames (models) in the file.</summary>
    public int Frames { get; set; } = 1;

    /// <summary>Whether the file says that it comes from an experiment: then its B factors are B factors.</summary>
    public bool IsExperimental { get; set; }

    /// <summary>What in the file says that a program predicted it; null if nothing does.</summary>
    public string? Predictor { get; set; }

    /// <summary>Atoms whose number or chain comes from the file's own (label) columns because the authors' value is missing.</summary>
    public int FromLabels { get; set; }

    /// <summary>Atoms without any residue number, which count as residue 0.</summary>
    public int WithoutNumber { get; set; }

    /// <summary>Notes an atom of a later frame, which is not read.</summary>
    public void Skip(string chain)
    {
        _unread++;
        _otherChains.Add(chain);
    }

    /// <summary>Makes the model: elements where they are missing, one location of each atom, B factors that are none.</summary>
    /// <param name="path">The file, for warnings.</param>
    public AtomicModel ToModel(string path)
    {
        var warnings = new List<string>();
        WarnOfFrames(warnings);
        WarnOfNumbers(warnings);
        ElementNames.Fill(Atoms, warnings);
        var atoms = AlternativeLocations.Choose(Atoms, warnings);
        FixOccupancies(atoms, warnings);
        PredictedModels.RemoveConfidences(atoms, this, warnings);
        return new AtomicModel(atoms, [.. warnings.Select(w => $"{path}: {w}")]);
    }

    private void WarnOfFrames(List<string> warnings)
    {
        if (_unread == 0)
        {
            return;
        }

        _otherChains.ExceptWith(Atoms.Select(a => a.Chain));
        var parts = _otherChains.Count > 0
            ? $"; chains that only later ones have ({string.Join(' ', _otherChains.Order(StringComparer.Ordinal))}) are left out: if all is one "
                + "structure, put it into one model"
            : string.Empty;
        warnings.Add(Invariant($"has {Frames} models (frames); only the first, of {Atoms.Count} atoms, is read{parts}"));
    }

    private void WarnOfNumbers(List<string> warnings)
    {
        if (FromLabels > 0)
        {
            warnings.Add(
                Invariant($"{FromLabels} of {Atoms.Count} atoms have no auth_seq_id, auth_asym_id, auth_comp_id or auth_atom_id; the label_ column is ")
                    + "taken for them");
        }

        if (WithoutNumber > 0)
        {
            warnings.Add(Invariant($"{WithoutNumber} of {Atoms.Count} atoms have no residue number; they count as residue 0 of their chain"));
        }
    }

    private static void FixOccupancies(List<AtomRecord> atoms, List<string> warnings)
    {
        var none = atoms.Count(a => !(a.Occupancy > 0));
        if (none == atoms.Count)
        {
            warnings.Add("all occupancies are 0, as of a file that has none; 1 is taken");
            for (var i = 0; i < atoms.Count; i++)
            {
                atoms[i] = atoms[i] with { Occupancy = 1 };
            }
        }
        else if (none > 0)
        {
            warnings.Add(Invariant($"{none} of {atoms.Count} atoms have an occupancy of 0 and count for nothing"));
        }

        if (atoms.Max(a => a.Occupancy) is > 1.01f and var most)
        {
            warnings.Add(Invariant($"occupancies go up to {most:0.##}, where 1 is the most there can be; atoms count as much as they say"));
        }
    }
}
