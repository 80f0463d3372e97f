using Gmm.IO;

namespace Gmm.TestData;

/// <summary>Makes atomic models for tests.</summary>
internal static class TestAtoms
{
    /// <summary>A model from rows: group, id, element, atom, residue, chain, number, x, y, z, occupancy, B.</summary>
    public static AtomicModel Model(IEnumerable<string> rows)
    {
        string[] columns =
        [
            "group_PDB", "id", "type_symbol", "label_atom_id", "label_comp_id", "label_asym_id", "label_seq_id", "Cartn_x", "Cartn_y", "Cartn_z",
            "occupancy", "B_iso_or_equiv",
        ];
        var folder = Directory.CreateTempSubdirectory("gmm-atoms-").FullName;
        try
        {
            var path = Path.Combine(folder, "m.cif");
            File.WriteAllLines(path, ["data_m", "loop_", .. columns.Select(c => "_atom_site." + c), .. rows]);
            return AtomicModelFile.Read(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
