namespace Gmm.IO;

/// <summary>
/// Residue names of four letters in columns 18 to 21 of PDB files, as programs of molecular dynamics write them. Column 21 belongs to a chain
/// name of two letters else (as gemmi, phenix and CCP4 read it).
/// </summary>
internal static class PdbResidueNames
{
    private static readonly HashSet<string> FourLetters =
    [
        "TIP3", "TIP4", "TIP5", "TP3M", "SPCE", "SWM4", "OPC3", "HISA", "HISB", "HISD", "HISE", "HISH", "HIS1", "HIS2", "ASPH", "ASPP", "GLUH", "GLUP",
        "LYSH", "LYSN", "ARGN", "CYSH", "CYSP", "CYS2", "POPC", "POPE", "POPS", "POPG", "POPA", "POPI", "DPPC", "DPPE", "DPPG", "DMPC", "DMPG", "DMPE",
        "DOPC", "DOPE", "DOPG", "DOPS", "DLPC", "DLPE", "DSPC", "CHL1", "CHOL", "HEME", "AGLC", "BGLC", "AGAL", "BGAL", "AMAN", "BMAN", "AFUC", "BGLN", "ANE5",
    ];

    /// <summary>
    /// Moves the letter of column 21 from the chain to the residue where it makes a known name of four letters of every residue that has the
    /// same two columns 21 and 22: a chain has more than that.
    /// </summary>
    /// <param name="atoms">Atoms, with the two columns as their chain.</param>
    /// <param name="wide">Those whose column 21 is not blank.</param>
    public static void Widen(List<AtomRecord> atoms, List<int> wide)
    {
        foreach (var pair in wide.GroupBy(i => atoms[i].Chain))
        {
            if (!pair.All(i => FourLetters.Contains(atoms[i].Residue + pair.Key[0])))
            {
                continue;
            }

            foreach (var i in pair)
            {
                atoms[i] = atoms[i] with { Residue = atoms[i].Residue + pair.Key[0], Chain = pair.Key[1..] };
            }
        }
    }
}
