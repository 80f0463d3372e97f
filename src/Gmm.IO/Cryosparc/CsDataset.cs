using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// The particles of cryoSPARC: a .cs file, with what its passthrough file has beside it, or a group (.csg) of several files. Files are joined on uid; the
/// order of rows is that of the first.
/// </summary>
/// <param name="Table">All fields.</param>
/// <param name="Files">The files they are from.</param>
/// <param name="Warnings">What was taken from where, a sentence each.</param>
internal sealed record CsDataset(NpyTable Table, IReadOnlyList<string> Files, IReadOnlyList<string> Warnings)
{
    /// <summary>The name that every row has.</summary>
    public const string Uid = "uid";

    /// <summary>What to do where a project's files are missing.</summary>
    public const string ProjectAdvice = ". cryoSPARC's paths are relative to the folder of its project: give that (--root), with the files that its links lead "
        + "to, or export the particles (Outputs, Actions, Export) and give the exported .csg file";

    /// <summary>What a set of particles needs to be refined: where images are, their CTF, and their poses.</summary>
    public static IReadOnlyList<string> Needed { get; } = [CsFields.Path, CsFields.Defocus1, CsFields.Pose];

    /// <summary>Passthrough files in the same folder that have none of these particles.</summary>
    public IReadOnlyList<string> Strangers { get; init; } = [];

    /// <summary>Whether a file is cryoSPARC's, by its name.</summary>
    public static bool IsNamed(string path) => IsGroup(path) || path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a .cs file or a group.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">A file cannot be read, or uids do not fit; the message names file, row and field.</exception>
    public static CsDataset Read(string path)
    {
        return IsGroup(path) ? ReadGroup(path) : new CsPassthrough(ReadFile(path)).Join();
    }

    /// <summary>Checks that there is what particles with poses need.</summary>
    /// <param name="images">Whether images are needed.</param>
    /// <param name="ctfs">Whether CTFs are needed.</param>
    /// <exception cref="InvalidInputException">It is not; the message says which file would have it.</exception>
    public void Require(bool images, bool ctfs)
    {
        if (!Table.Contains(CsFields.Pose))
        {
            var other = Array.Find(Table.Fields.Select(f => f.Name).ToArray(), n => n.EndsWith("/pose", StringComparison.Ordinal));
            throw Table.Error(
                "there is no such field: these particles have no poses"
                    + (other is null ? string.Empty : $" of a 3-D refinement, only {other}")
                    + "; give the particles of a homogeneous, non-uniform or local refinement (..._particles.cs)",
                null, CsFields.Pose);
        }

        foreach (var (isNeeded, field, what) in new[]
        {
            (images, CsFields.Path, "which says where the images are"), (ctfs, CsFields.Defocus1, "which is of the images' CTFs"),
        })
        {
            if (isNeeded && !Table.Contains(field))
            {
                var others = Strangers.Count == 0 ? string.Empty : $" ({string.Join(", ", Strangers)} has none of their uids)";
                throw Table.Error(
                    $"there is no such field, {what}, and no passthrough file in the same folder has it for these particles{others}: put the job's "
                        + "..._passthrough_particles.cs beside the file, or export the particles in cryoSPARC and give the exported .csg file",
                    null, field);
            }
        }
    }

    /// <summary>A warning where cryoSPARC says that the molecule is dark in the images; null if it does not.</summary>
    public string? DarkText()
    {
        if (!Table.Contains(CsFields.Sign) || Table.RowCount == 0)
        {
            return null;
        }

        var sign = Table.Numbers(CsFields.Sign);
        return Table.Number(0, sign) < 0
            ? $"{Table.Path}: cryoSPARC says that the molecule is darker than the solvent in these images ({CsFields.Sign} is -1); if so, --invert is needed"
            : null;
    }

    /// <summary>The rows of another table that have this one's uids.</summary>
    /// <param name="table">One table.</param>
    /// <param name="other">The other.</param>
    /// <param name="missing">The first row of the one whose uid the other does not have.</param>
    /// <returns>A row for each row; null if one is missing.</returns>
    /// <exception cref="InvalidInputException">The other has a uid twice, or has none.</exception>
    public static int[]? Rows(NpyTable table, NpyTable other, out int missing)
    {
        var (uid, otherUid) = (table.Numbers(Uid), other.Numbers(Uid));
        var rowOf = new Dictionary<ulong, int>(other.RowCount);
        for (var row = 0; row < other.RowCount; row++)
        {
            if (!rowOf.TryAdd(other.Integer(row, otherUid), row))
            {
                throw other.Error($"{other.Integer(row, otherUid)} is there twice", row, Uid);
            }
        }

        var rows = new int[table.RowCount];
        for (missing = 0; missing < rows.Length; missing++)
        {
            if (!rowOf.TryGetValue(table.Integer(missing, uid), out rows[missing]))
            {
                return null;
            }
        }

        missing = -1;
        return rows;
    }

    private static bool IsGroup(string path) => path.EndsWith(".csg", StringComparison.OrdinalIgnoreCase);

    private static CsDataset ReadGroup(string path)
    {
        var slots = CsGroup.Read(path);
        var files = slots.Select(s => s.File).Distinct(StringComparer.Ordinal).ToList();

        // The file of the poses says which particles there are and in what order, as in cryoSPARC, where the others are passed through.
        var first = slots.FirstOrDefault(s => s.Slot == "alignments3D").File ?? files[0];
        var table = ReadMember(path, first);
        foreach (var file in files.Where(f => f != first))
        {
            var other = ReadMember(path, file);
            var rows = Rows(table, other, out var missing)
                ?? throw table.Error($"{table.Integer(missing, table.Numbers(Uid))} is not in {file}, with which {path} joins it", missing, Uid);
            var wanted = slots.Where(s => s.File == file).Select(s => s.Slot).ToHashSet(StringComparer.Ordinal);
            table = table.With(other, [.. other.Fields.Where(f => !table.Contains(f.Name) && wanted.Contains(f.Name.Split('/')[0]))], rows);
        }

        return new CsDataset(table, [path, .. files], []);
    }

    private static NpyTable ReadMember(string group, string file)
    {
        try
        {
            return ReadFile(file);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"the group's file cannot be used: {e.Message}", group, null, "metafile", e);
        }
    }

    /// <summary>Reads one file, whose rows have uids.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or has no uids.</exception>
    public static NpyTable ReadFile(string path)
    {
        var table = NpyTable.Read(path);
        table.Numbers(Uid);
        return table;
    }
}
