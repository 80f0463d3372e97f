using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Says what particles are in cryoSPARC's fields; the inverse of <see cref="CsToStar"/>.</summary>
/// <remarks>docs/formats.md has the table. Fields are float32, as cryoSPARC's own.</remarks>
internal sealed class CsFromParticles
{
    private const double Radians = Math.PI / 180;

    /// <summary>RELION's columns that cryoSPARC's fields say.</summary>
    public static IReadOnlyList<string> Said { get; } =
    [
        .. CistemFromParticles.Said, Labels.BFactor, Labels.Scale, StarParticles.ScaleLabel, Labels.Micrograph, CsToStar.UidLabel,
        Labels.Magnification00, Labels.Magnification01, Labels.Magnification10, Labels.Magnification11,
    ];

    private readonly StarParticles _source;
    private readonly StarTable _table;
    private readonly string[] _paths;
    private readonly int[] _indices;
    private readonly string[]? _micrographs;
    private readonly int[]? _classes;
    private readonly int[] _exposureGroups;

    private CsFromParticles(StarParticles source, string folder, ICollection<string>? warnings)
    {
        (_source, _table) = (source, source.Table);
        if (!_table.Contains(Labels.ImageName))
        {
            throw new InvalidInputException("the column is missing; cryoSPARC needs to know where the images are", source.Path, null, Labels.ImageName);
        }

        AlteredImages.Refuse(source, "a .cs file");
        (_paths, _indices) = Images(folder);
        _classes = Classes(_table) is { } classes ? [.. classes] : null;
        _exposureGroups = ExposureGroups(source, warnings);
        _micrographs = _table.Contains(Labels.Micrograph) ? _table.GetColumn(Labels.Micrograph) : null;
    }

    /// <summary>Makes the table.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="folder">Where it will be written: images that are found get paths from there, as cryoSPARC's exports have them ('&gt;' first).</param>
    /// <param name="like">cryoSPARC's own particles, of which these are some: their other fields, uids and paths are kept; null makes new ones.</param>
    /// <param name="warnings">Takes what was assumed; null where it does not matter.</param>
    /// <exception cref="InvalidInputException">
    /// Aberrations that cryoSPARC does not have, a particle that is not among its own; the message names file, row and column.
    /// </exception>
    public static NpyTable Convert(StarParticles source, string folder, NpyTable? like = null, ICollection<string>? warnings = null)
    {
        var converter = new CsFromParticles(source, folder, warnings);
        var made = converter.Make();
        return like is null ? made : converter.Merge(made, like, warnings);
    }

    /// <summary>The classes (alignments3D/class, from 0) of particles whose file has numbers of classes; null where it has none, or 0 alone.</summary>
    /// <exception cref="InvalidInputException">Some are under 1; the message names file, row and column.</exception>
    public static IReadOnlyList<int>? Classes(StarTable table)
    {
        if (!table.Contains(Labels.Class))
        {
            return null;
        }

        int[] numbers = [.. Enumerable.Range(0, table.RowCount).Select(row => table.GetInteger(row, Labels.Class))];
        return Array.TrueForAll(numbers, n => n < 1) ? null : [.. numbers.Select((n, row) => n >= 1
            ? n - 1
            : throw table.Error($"{n} is no class, though others have one; a .cs file has no number for that", row, Labels.Class))];
    }

    /// <summary>The exposure group of each optics group: its number from 0, as pyem has it.</summary>
    private static int[] ExposureGroups(StarParticles source, ICollection<string>? warnings)
    {
        var (groups, last) = (source.OpticsGroups, Math.Max(0, source.OpticsGroups.Max(g => g.Id)));
        return [.. groups.Select(g =>
        {
            if (g.Id >= 1)
            {
                return g.Id - 1;
            }

            warnings?.Add($"{source.Path}: {Labels.Group} {g.Id} ({g.Name}) is under 1, which {CsFields.ExposureGroup} cannot say: it is {last + 1} there");
            return last++;
        })];
    }

    private NpyTable Make()
    {
        int path = Longest(_paths), micrograph = Longest(_micrographs ?? []);
        (string, string, int[])[] fields =
        [
            (CsDataset.Uid, "<u8", []), (CsFields.Path, $"|S{path}", []), (CsFields.Index, "<u4", []), (CsFields.Shape, "<u4", [2]),
            (CsFields.PixelSize, "<f4", []), (CsFields.Sign, "<f4", []), ("blob/import_sig", "<u8", []), ("ctf/type", "|S9", []),
            (CsFields.ExposureGroup, "<u4", []), (CsFields.Voltage, "<f4", []), (CsFields.Aberration, "<f4", []), (CsFields.AmplitudeContrast, "<f4", []),
            (CsFields.Defocus1, "<f4", []), (CsFields.Defocus2, "<f4", []), (CsFields.DefocusAngle, "<f4", []), (CsFields.PhaseShift, "<f4", []),
            (CsFields.Scale, "<f4", []), ("ctf/scale_const", "<f4", []), (CsFields.Shift, "<f4", [2]), (CsFields.Tilt, "<f4", [2]),
            (CsFields.Trefoil, "<f4", [2]), (CsFields.Tetrafoil, "<f4", [4]), (CsFields.Magnification, "<f4", [4]), (CsFields.BFactor, "<f4", []),
            (CsFields.Split, "<u4", []), (CsFields.Origin, "<f4", [2]), (CsFields.Pose, "<f4", [3]), (CsFields.PosePixelSize, "<f4", []),
            ("alignments3D/alpha", "<f4", []), ("alignments3D/class_posterior", "<f4", []), (CsFields.Class, "<u4", []),
            .. _micrographs is null ? [] : new (string, string, int[])[] { (CsFields.Micrograph, $"|S{micrograph}", []) },
        ];
        var table = NpyTable.Make(fields, _source.Particles.Count, _source.Path);
        var uids = Uids();
        for (var row = 0; row < table.RowCount; row++)
        {
            table.Set(row, table.Numbers(CsDataset.Uid), uids[row]);
            FillImage(table, row);
            FillCtf(table, row);
            FillPose(table, row);
        }

        return table;
    }

    private void FillImage(NpyTable table, int row)
    {
        var group = Group(row);
        table.Set(row, table.Texts(CsFields.Path), _paths[row]);
        Set(table, row, CsFields.Index, _indices[row]);
        Set(table, row, CsFields.Shape, group.ImageSize, group.ImageSize);
        Set(table, row, CsFields.PixelSize, group.PixelSize);

        // RELION's images have the molecule bright.
        Set(table, row, CsFields.Sign, 1);
        if (_micrographs is not null)
        {
            table.Set(row, table.Texts(CsFields.Micrograph), _micrographs[row]);
        }
    }

    private void FillCtf(NpyTable table, int row)
    {
        var group = Group(row);
        var (terms, ctf, problem) = CsAberrations.Of(group.Aberrations, _source.Particles[row].Ctf);
        if (problem is not null)
        {
            throw _table.Error(problem, row, Labels.Group);
        }

        table.Set(row, table.Texts("ctf/type"), "imported");
        Set(table, row, CsFields.ExposureGroup, _exposureGroups[_source.Particles[row].OpticsIndex]);
        Set(table, row, CsFields.Voltage, ctf.VoltageKilovolt);
        Set(table, row, CsFields.Aberration, ctf.SphericalAberrationMillimetre);
        Set(table, row, CsFields.AmplitudeContrast, ctf.AmplitudeContrast);
        Set(table, row, CsFields.Defocus1, ctf.DefocusU);
        Set(table, row, CsFields.Defocus2, ctf.DefocusV);
        Set(table, row, CsFields.DefocusAngle, ctf.DefocusAngleDegrees * Radians);
        Set(table, row, CsFields.PhaseShift, ctf.PhaseShiftDegrees * Radians);
        Set(table, row, CsFields.Scale, ctf.ScaleFactor);
        Set(table, row, CsFields.BFactor, ctf.BFactor);
        Set(table, row, CsFields.Shift, terms.ShiftX, terms.ShiftY);
        Set(table, row, CsFields.Tilt, terms.TiltX, terms.TiltY);
        Set(table, row, CsFields.Trefoil, terms.Trefoil0, terms.Trefoil1);
        Set(table, row, CsFields.Tetrafoil, terms.Tetra.A, terms.Tetra.B, terms.Tetra.C, terms.Tetra.D);
        var m = terms.Magnification;
        Set(table, row, CsFields.Magnification, m.M00 - 1, m.M01, m.M10, m.M11 - 1);
    }

    private void FillPose(NpyTable table, int row)
    {
        var particle = _source.Particles[row];
        var a = Group(row).PixelSize;
        var seen = OriginUnit.Of(Group(row), inPixels: false).ToFile(particle.Pose);
        Set(table, row, CsFields.Split, particle.Half - 1);
        Set(table, row, CsFields.Origin, -seen.ShiftX / a, -seen.ShiftY / a);
        Set(table, row, CsFields.Pose, CsPoses.Vector(particle.Pose.Rotation));
        Set(table, row, CsFields.PosePixelSize, a);
        Set(table, row, "alignments3D/alpha", 1);
        Set(table, row, "alignments3D/class_posterior", 1);
        Set(table, row, CsFields.Class, _classes?[row] ?? 0);
    }

    /// <summary>cryoSPARC's own rows of these particles, with the poses, halves and CTFs of these where they are others.</summary>
    private NpyTable Merge(NpyTable made, NpyTable like, ICollection<string>? warnings)
    {
        var rows = _table.Contains(CsToStar.UidLabel) ? RowsByUid(made, like) : new CsImages(like).Rows(_table, _indices, warnings);
        var result = WithTerms(like.Select(rows), made);
        foreach (var (name, tolerance) in s_followed.Where(f => f.Name != CsFields.Class || _classes is not null))
        {
            if (result.Find(name) is { } field && made.Find(name) is { } from && field.Count == from.Count)
            {
                for (var row = 0; row < result.RowCount; row++)
                {
                    Follow(result, field, made, from, row, tolerance);
                }
            }
        }

        return result;
    }

    /// <summary>Fields of optics and classes that cryoSPARC's rows do not have, though there is something to say in them now, are added.</summary>
    private static NpyTable WithTerms(NpyTable own, NpyTable made)
    {
        NpyField[] missing =
        [
            .. s_terms.Where(name => !own.Contains(name)).Select(name => made.Find(name)!)
                .Where(f => Enumerable.Range(0, made.RowCount).Any(row => made.Bytes(row, f).ContainsAnyExcept((byte)0))),
        ];
        return missing.Length == 0 ? own : own.With(made, missing, [.. Enumerable.Range(0, own.RowCount)]);
    }

    private static readonly string[] s_terms =
        [CsFields.PhaseShift, CsFields.Shift, CsFields.Tilt, CsFields.Trefoil, CsFields.Tetrafoil, CsFields.Magnification, CsFields.Class];

    /// <summary>Fields that can have changed outside cryoSPARC, with the relative difference that float32 and text make of no change.</summary>
    private static readonly (string Name, double Tolerance)[] s_followed =
    [
        (CsFields.Voltage, 1e-6), (CsFields.Aberration, 1e-6), (CsFields.AmplitudeContrast, 1e-6), (CsFields.Defocus1, 1e-6), (CsFields.Defocus2, 1e-6),
        (CsFields.DefocusAngle, 2e-6), (CsFields.PhaseShift, 2e-6), (CsFields.BFactor, 1e-6), (CsFields.Shift, 1e-5),
        (CsFields.Tilt, 1e-5), (CsFields.Trefoil, 1e-5), (CsFields.Tetrafoil, 1e-5), (CsFields.Magnification, 1e-6), (CsFields.Split, 0), (CsFields.Class, 0),
        (CsFields.Origin, 1e-5), (CsFields.Pose, 1e-6),
    ];

    private void Follow(NpyTable result, NpyField field, NpyTable made, NpyField from, int row, double tolerance)
    {
        // Pixels of the images that were aligned may be others than those of the stack.
        var scale = field.Name == CsFields.Origin && result.Find(CsFields.PosePixelSize) is { } a ? Group(row).PixelSize / result.Number(row, a) : 1;
        Span<double> was = stackalloc double[field.Count], now = stackalloc double[field.Count];
        for (var i = 0; i < field.Count; i++)
        {
            (was[i], now[i]) = (result.Number(row, field, i), made.Number(row, from, i) * scale);
        }

        if (field.Name == CsFields.Pose ? Turned(was, now) > tolerance : Differ(was, now, tolerance))
        {
            for (var i = 0; i < field.Count; i++)
            {
                result.Set(row, field, i, now[i]);
            }
        }
    }

    /// <summary>The angle between two poses: a rotation has many vectors.</summary>
    private static double Turned(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        CsToStar.Rotation(a[0], a[1], a[2]).AngleTo(CsToStar.Rotation(b[0], b[1], b[2]));

    private static bool Differ(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double tolerance)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (Math.Abs(a[i] - b[i]) > tolerance * Math.Max(1, Math.Max(Math.Abs(a[i]), Math.Abs(b[i]))))
            {
                return true;
            }
        }

        return false;
    }

    private int[] RowsByUid(NpyTable made, NpyTable like) => CsDataset.Rows(made, like, out var missing)
        ?? throw _table.Error($"{_table.GetText(missing, CsToStar.UidLabel)} is no uid in {like.Path}", missing, CsToStar.UidLabel);

    private ulong[] Uids()
    {
        var uids = new ulong[_source.Particles.Count];
        var seen = new HashSet<ulong>();
        var known = _table.Contains(CsToStar.UidLabel) ? _table.GetColumn(CsToStar.UidLabel) : null;
        for (var row = 0; row < uids.Length; row++)
        {
            if (known is null)
            {
                // The same file gives the same uids; rows of one image are told apart by their number.
                uids[row] = Hash(string.Create(CultureInfo.InvariantCulture, $"{_indices[row]}@{_paths[row]}"));
                for (; !seen.Add(uids[row]); uids[row]++)
                {
                }
            }
            else if (!ulong.TryParse(known[row], NumberStyles.None, CultureInfo.InvariantCulture, out uids[row]) || !seen.Add(uids[row]))
            {
                throw _table.Error($"\"{known[row]}\" is no uid of cryoSPARC, or is there twice", row, CsToStar.UidLabel);
            }
        }

        return uids;
    }

    /// <summary>Paths as the .cs file has them, and images from 0.</summary>
    private (string[] Paths, int[] Indices) Images(string folder)
    {
        var (paths, indices) = (new string[_source.Particles.Count], new int[_source.Particles.Count]);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var row = 0; row < paths.Length; row++)
        {
            var image = ImageReference.Of(_table, row);
            if (!known.TryGetValue(image.Stack, out var path))
            {
                path = _source.FindStack(image.Stack) is { } found
                    ? ">" + Path.GetRelativePath(folder, Path.GetFullPath(found)).Replace(Path.DirectorySeparatorChar, '/')
                    : image.Stack;
                known.Add(image.Stack, path);
            }

            (paths[row], indices[row]) = (path, (int)Math.Min((image.Number ?? 1) - 1, int.MaxValue));
        }

        return (paths, indices);
    }

    private OpticsGroup Group(int row) => _source.OpticsGroups[_source.Particles[row].OpticsIndex];

    private static int Longest(string[] texts) => texts.Length == 0 ? 1 : Math.Max(1, texts.Max(Encoding.UTF8.GetByteCount));

    private static void Set(NpyTable table, int row, string name, params ReadOnlySpan<double> values)
    {
        var field = table.Find(name)!;
        for (var i = 0; i < values.Length; i++)
        {
            table.Set(row, field, i, values[i]);
        }
    }

    /// <summary>FNV-1a, 64 bits.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        return hash;
    }
}
