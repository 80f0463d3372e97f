using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Particles of one or several files on their way to another: read, put together, given other poses and CTFs, chosen, written.</summary>
internal sealed class ParticleTransfer
{
    private const int Relion31 = 30001;
    private const int Relion5 = 50001;

    private readonly string _path;
    private readonly StarParticlesOptions _options;
    private readonly List<string> _warnings = [];
    private readonly IReadOnlyList<string> _roots;
    private readonly CsDataset? _cryosparc;
    private StarFile _file;
    private StarBlock _block;
    private int[] _rows;
    private bool _isAsRead = true;

    /// <summary>Reads the files.</summary>
    /// <param name="paths">
    /// Files of particles of any program, or stacks of images, whose poses and CTFs are given later; several are put together in RELION 3.1's form.
    /// </param>
    /// <param name="options">How they are read.</param>
    /// <exception cref="InvalidInputException">As for <see cref="StarParticles.Open"/>, or the files have other columns than the first.</exception>
    public ParticleTransfer(IReadOnlyList<string> paths, StarParticlesOptions options)
    {
        (_path, _options) = (paths[0], options);
        var roots = new List<string>();
        var files = new List<(string Path, StarFile File)>();
        foreach (var path in paths)
        {
            var read = StackList.IsStack(path) ? StackList.Read(path, options) : ParticleFile.Read(path, options);
            HasStacks |= StackList.IsStack(path);
            HasCistem |= read.IsCistem;
            NeedsImageSize |= options.ImageSize is not null && !SaysImageSize(path, read, options);
            _warnings.AddRange(read.Warnings);
            var table = StarParticles.FindParticles(read.Star, path, posesAreEnough: true).Table!;
            roots.AddRange(new ImageRoots(path, options.Root, read.Star.Comments).ForWriting(
                table.Contains(Labels.ImageName) && table.RowCount > 0 ? table.GetText(0, Labels.ImageName) : null));
            files.Add((path, read.Star));
            _cryosparc = paths.Count == 1 ? read.Cryosparc : null;
        }

        _roots = [.. roots.Distinct(StringComparer.Ordinal)];
        _file = files.Count == 1 ? files[0].File : StarMerge.Merge([.. files.Select(f => (f.Path, Particles(f.Path, f.File, StarVersionOf)))]);
        _block = FindBlock();
        _rows = [.. Enumerable.Range(0, _block.Table!.RowCount)];
    }

    /// <summary>Number of particles.</summary>
    public int Count => _rows.Length;

    /// <summary>Whether any of the files is a stack of images, which have no poses of their own.</summary>
    public bool HasStacks { get; }

    /// <summary>Whether any of the files is cisTEM's, which need not name its stack.</summary>
    public bool HasCistem { get; }

    /// <summary>Whether the side of the images was given and needed: neither one of the files nor its first image's stack says it.</summary>
    public bool NeedsImageSize { get; }

    /// <summary>Whether the particles are cryoSPARC's, whose fields are kept.</summary>
    public bool IsCryosparc => _cryosparc is not null;

    /// <summary>Whether they have a table of optics groups.</summary>
    public bool HasOptics => _file.Find("optics") is not null;

    /// <summary>What was assumed, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => [.. _warnings.Distinct(StringComparer.Ordinal)];

    /// <summary>Columns that the file written has no place for.</summary>
    public IReadOnlyList<string> Dropped { get; private set; } = [];

    /// <summary>Puts CTFs of cryoDRGN's in place of those that are there.</summary>
    public void TakeCtfs(string path)
    {
        // Images of a stack have no shifts yet, so that their pixel need not be known.
        Change(p => CryodrgnFiles.WithCtfs(path, p), HasStacks ? _options with { PixelSize = 1 } : _options, warn: false);

        // What is wrong with them now is the pickle's, not the particles'.
        var before = _warnings.Count;
        var table = _block.Table!.Clone();
        table.Source = path;
        Particles(path, _file.With(_block, new StarBlock(_block.Name, table)), p => p.Particles.Count);
        _warnings.RemoveRange(before, _warnings.Count - before);
    }

    /// <summary>Gives particles that have no poses such as are to be replaced (<see cref="TakePoses"/>).</summary>
    public void MakeRoomForPoses()
    {
        var more = _block.Table!.Clone();
        foreach (var label in new[] { PoseText.Rot, PoseText.Tilt, PoseText.Psi }.Where(l => !more.Contains(l)))
        {
            more.SetColumn(label, [.. Enumerable.Repeat("0", more.RowCount)]);
        }

        Replace(more);
    }

    /// <summary>Puts poses of cryoDRGN's or of EMAN2's list in place of those that are there.</summary>
    public void TakePoses(string path) => Change(
        p => p.WithPoses(EmanList.IsNamed(path) ? ListPoses(path, p) : CryodrgnFiles.ReadPoses(path, p)), _options, warn: true);

    /// <summary>Adds the columns of another table that the particles do not have.</summary>
    /// <param name="path">
    /// A STAR file with a row for each of these images (rlnImageName), in any order; or a table of numbers with a row for each particle in their order, which
    /// become latent1, latent2 and so on.
    /// </param>
    /// <exception cref="InvalidInputException">It has no names of images, one twice, or not all of these; the message names file, row and column.</exception>
    public void TakeColumns(string path)
    {
        if (!path.EndsWith(".star", StringComparison.OrdinalIgnoreCase))
        {
            TakeLatents(path);
            return;
        }

        var file = StarFile.Read(path);
        var other = StarParticles.FindParticles(file, path, posesAreEnough: false).Table!;
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < other.RowCount; row++)
        {
            if (!rowOf.TryAdd(other.GetText(row, Labels.ImageName), row))
            {
                throw other.Error($"{other.GetText(row, Labels.ImageName)} is there twice", row, Labels.ImageName);
            }
        }

        var table = _block.Table!;
        RequireSameImages(table, new ImageRoots(path, null, file.Comments), path);
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Select(row => rowOf.TryGetValue(table.GetText(row, Labels.ImageName), out var r)
            ? r
            : throw table.Error($"{table.GetText(row, Labels.ImageName)} is not in {path}", row, Labels.ImageName))];
        var used = rows.Distinct().Count();
        if (used < other.RowCount)
        {
            _warnings.Add($"{path}: {other.RowCount - used} of its {other.RowCount} rows are of images that {_path} does not have: they are left out");
        }

        var more = table.Clone();
        foreach (var label in other.Labels.Where(l => !table.Contains(l)))
        {
            var values = other.GetColumn(label);
            more.SetColumn(label, [.. rows.Select(r => values[r])]);
        }

        Replace(more);
    }

    /// <summary>Images of one name may be of two data sets: where a table remembers the folder of its own, they are compared.</summary>
    private void RequireSameImages(StarTable table, ImageRoots theirs, string path)
    {
        var ours = new ImageRoots(_path, _options.Root, _file.Comments);
        var stacks = Enumerable.Range(0, table.RowCount).Select(row => ImageReference.Of(table, row).Stack).Distinct(StringComparer.Ordinal);
        foreach (var stack in stacks)
        {
            if (theirs.FindRemembered(stack) is { } other && ours.Find(stack) is { } mine && ImageRoots.Differ(mine, other))
            {
                throw new InvalidInputException(
                    $"is of another data set: {stack} is {other} there, and {Path.GetFullPath(mine)} in {_path}", path, null, Labels.ImageName);
            }
        }
    }

    /// <summary>Whether a file or the stack of its first image says how large the images are.</summary>
    private static bool SaysImageSize(string path, ParticleFile read, StarParticlesOptions options)
    {
        bool Says(StarTable? t) => t is not null && t.Contains(Labels.ImageSize);

        // What is made of these programs' files has the size that was given already.
        var star = read.IsCistem || EmanList.IsNamed(path) ? ParticleFile.Read(path, options with { ImageSize = null }).Star : read.Star;
        var table = StarParticles.FindParticles(star, path, posesAreEnough: true).Table!;
        return Says(table) || Says(star.Find("optics")?.AsTable())
            || (table.Contains(Labels.ImageName) && table.RowCount > 0
                && new ImageRoots(path, options.Root, star.Comments).Find(ImageReference.Of(table, 0).Stack) is not null);
    }

    private void TakeLatents(string path)
    {
        var columns = NumberTable.Read(path);
        var more = _block.Table!.Clone();
        if (columns[0].Length != more.RowCount)
        {
            throw new InvalidInputException($"has {columns[0].Length} rows, {_path} has {more.RowCount} particles", path);
        }

        for (var k = 0; k < columns.Length; k++)
        {
            more.SetColumn(FormattableString.Invariant($"latent{k + 1}"), [.. columns[k].Select(v => v.ToString("R", CultureInfo.InvariantCulture))]);
        }

        Replace(more);
    }

    /// <summary>Keeps a selection of cryoDRGN's.</summary>
    public void Keep(string selection) => Keep(CryodrgnFiles.ReadSelection(selection, _block.Table!.RowCount));

    /// <summary>Keeps the particles for which conditions hold.</summary>
    public void Keep(IReadOnlyList<RowCondition> conditions)
    {
        if (conditions.Count > 0)
        {
            Keep(RowCondition.Rows(WithOptics(conditions.Select(c => c.Label)), conditions));
        }
    }

    /// <summary>Writes a STAR file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="version">"3.0", "3.1", "5" or "cistem"; null leaves the form as it is.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <returns>The number of optics groups, if there is a table of them.</returns>
    public int? WriteStar(string path, string? version, bool overwrite)
    {
        if (version == "cistem")
        {
            RequireCtf(path);
            var cistem = Particles(_path, _file, p => CistemFromParticles.Convert(p, _warnings));
            ImageRoots.Remember(cistem.Blocks[0].Comments, path, _roots);
            cistem.Write(path, overwrite);
            Drop(WithoutGroups(CistemFromParticles.Said), l => l.StartsWith(CistemLabels.Prefix, StringComparison.Ordinal));
            return _file.Find("optics")?.AsTable().RowCount;
        }

        var file = version is null ? _file : Particles(_path, _file, p => version switch
        {
            "3.0" => StarVersions.Flat(p),
            "5" => StarVersions.WithOptics(p, Relion5),
            _ => StarVersions.WithOptics(p, Relion31),
        });
        if (version == "3.0")
        {
            Drop(WithoutGroups([.. StarVersions.SaidWithParticles]), file.Blocks[^1].Table!.Contains);
        }

        ImageRoots.Remember(StarParticles.FindParticles(file, _path, posesAreEnough: true).Comments, path, _roots);
        file.Write(path, overwrite);
        return file.Find("optics")?.AsTable().RowCount;
    }

    /// <summary>Writes a .cs file and its group.</summary>
    /// <param name="path">The .cs file.</param>
    /// <param name="like">cryoSPARC's own file of the particles; null where there is none.</param>
    /// <param name="overwrite">Whether files may be replaced.</param>
    /// <returns>The number of optics groups.</returns>
    public int? WriteCryosparc(string path, string? like, bool overwrite)
    {
        NpyTable table;
        if (_cryosparc is not null && like is null && _isAsRead)
        {
            table = _cryosparc.Table.Select(_rows);
        }
        else
        {
            RequireCtf(path);
            var own = like is null ? _cryosparc : CsDataset.Read(like);
            _warnings.AddRange(like is null ? [] : own?.Warnings ?? []);
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            ImageRoots.Remember(_block.Comments, _path, _roots);
            table = Particles(_path, _file, p => CsFromParticles.Convert(p, folder, own?.Table, _warnings));
        }

        // What a .cs file brought is in its fields.
        if (_cryosparc is null)
        {
            Drop(SaidByCryosparc(table, hasOwnRows: like is not null), _ => false);
        }

        CsPoses.WriteWithGroup(path, table, overwrite);
        return _file.Find("optics")?.AsTable().RowCount;
    }

    /// <summary>Writes cryoDRGN's pickles of poses and CTFs.</summary>
    /// <param name="poses">The file of poses.</param>
    /// <param name="ctfs">The file of CTFs.</param>
    /// <param name="overwrite">Whether files may be replaced.</param>
    public int? WritePickles(string poses, string ctfs, bool overwrite)
    {
        RequireCtf(ctfs);
        var (p, c) = Particles(_path, _file, s => (CryodrgnFiles.Poses(s), CryodrgnFiles.Ctfs(s)));
        // Both or none: the poses get their name when the CTFs are whole.
        AtomicOutput.Write(poses, overwrite, s =>
        {
            s.Write(p);
            s.Flush();
            AtomicOutput.Write(ctfs, overwrite, t => t.Write(c));
        });
        Drop(WithoutGroups(CryodrgnFiles.Said), _ => false);
        return null;
    }

    /// <summary>Writes a list of EMAN2's.</summary>
    public int? WriteList(string path, bool overwrite)
    {
        var comments = new List<string>();
        ImageRoots.Remember(comments, path, _roots);
        var bytes = Particles(_path, _file, p => EmanFromParticles.Convert(p, comments));
        AtomicOutput.Write(path, overwrite, s => s.Write(bytes));
        Drop(WithoutGroups(EmanFromParticles.Said), _ => false);
        return null;
    }

    /// <summary>The poses of a list with an entry for each particle, in the same order.</summary>
    private static Pose[] ListPoses(string path, StarParticles particles)
    {
        var entries = EmanList.Read(path).Entries;
        if (entries.Count != particles.Particles.Count)
        {
            throw new InvalidInputException($"has {entries.Count} images, {particles.Path} has {particles.Particles.Count} particles", path);
        }

        return [.. entries.Select((e, i) =>
        {
            var group = particles.OpticsGroups[particles.Particles[i].OpticsIndex];
            if (Math.Max(Math.Abs(e.ShiftX), Math.Abs(e.ShiftY)) > PhysicalLimits.Farthest(group.ImageSize))
            {
                throw new InvalidInputException(
                    FormattableString.Invariant($"a shift of ({e.ShiftX}, {e.ShiftY}) pixels is no place in an image"), path, e.Line, "xform.projection");
            }

            return OriginUnit.Of(group, inPixels: false).FromFile(new Pose(
                e.Rotation ?? throw new InvalidInputException("the image has no pose", path, e.Line, "xform.projection"),
                e.ShiftX * group.PixelSize, e.ShiftY * group.PixelSize));
        })];
    }

    private static StarFile StarVersionOf(StarParticles particles) => StarVersions.WithOptics(particles, Relion31);

    private void Change(Func<StarParticles, StarFile> change, StarParticlesOptions options, bool warn)
    {
        var before = _warnings.Count;
        _file = Particles(_path, _file, change, options);
        if (!warn)
        {
            // They are about what was replaced.
            _warnings.RemoveRange(before, _warnings.Count - before);
        }

        _block = FindBlock();
        _isAsRead = false;
    }

    /// <summary>The block of the particles; a pixel size that is given stands in the optics table from then on, and in what is written.</summary>
    private StarBlock FindBlock()
    {
        if (_options.PixelSize is { } pixel && _file.Find("optics")?.AsTable() is { } optics)
        {
            optics.SetColumn(Labels.ImagePixelSize, [.. Enumerable.Repeat(pixel.ToString("R", CultureInfo.InvariantCulture), optics.RowCount)]);
        }

        return StarParticles.FindParticles(_file, _path, posesAreEnough: true);
    }

    private void Keep(int[] rows)
    {
        _rows = [.. rows.Select(r => _rows[r])];
        Replace(_block.Table!.Select(rows));
    }

    private void Replace(StarTable table)
    {
        var block = new StarBlock(_block.Name, table) { HasHeader = _block.HasHeader };
        foreach (var comment in _block.Comments)
        {
            block.Comments.Add(comment);
        }

        (_file, _block) = (_file.With(_block, block), block);
    }

    /// <summary>The particles with those columns of data_optics that are asked for and stand nowhere else.</summary>
    private StarTable WithOptics(IEnumerable<string> labels)
    {
        var table = _block.Table!;
        if (_file.Find("optics")?.AsTable() is not { RowCount: > 0 } optics || (!table.Contains(Labels.Group) && optics.RowCount > 1))
        {
            return table;
        }

        string[] missing = [.. labels.Where(l => !table.Contains(l) && optics.Contains(l)).Distinct(StringComparer.Ordinal)];
        if (missing.Length == 0)
        {
            return table;
        }

        var rowOf = new Dictionary<int, int>();
        for (var row = 0; row < optics.RowCount; row++)
        {
            rowOf.TryAdd(optics.GetInteger(row, Labels.Group), row);
        }

        int[] rows = [.. Enumerable.Range(0, table.RowCount).Select(row => !table.Contains(Labels.Group) ? 0
            : rowOf.TryGetValue(table.GetInteger(row, Labels.Group), out var r) ? r
            : throw table.Error($"optics group {table.GetText(row, Labels.Group)} is not in the table data_optics", row, Labels.Group))];
        var more = table.Clone();
        foreach (var label in missing)
        {
            var values = optics.GetColumn(label);
            more.SetColumn(label, [.. rows.Select(r => values[r])]);
        }

        return more;
    }

    /// <summary>What a format without optics groups says: their names and numbers only where it is those that groups get when they are made again.</summary>
    private string[] WithoutGroups(IReadOnlyList<string> said)
    {
        var optics = _file.Find("optics")?.AsTable();
        var isMade = optics is not { RowCount: > 0 } || !optics.Contains(Labels.OpticsName) || OpticsGathering.GivesAgain(optics, _block.Table!);
        return [.. said.Where(l => isMade || (l != Labels.OpticsName && (l != Labels.Group || optics!.RowCount == 1)))];
    }

    /// <summary>What a .cs file that was made says.</summary>
    private string[] SaidByCryosparc(NpyTable made, bool hasOwnRows)
    {
        var (table, optics) = (_block.Table!, _file.Find("optics")?.AsTable());
        bool Names(int row) => optics!.GetText(row, Labels.OpticsName) == CsToStar.OpticsName(optics.GetInteger(row, Labels.Group) - 1);
        var isNamed = optics is null || !optics.Contains(Labels.OpticsName) || Enumerable.Range(0, optics.RowCount).All(Names);

        // Where cryoSPARC's own rows are kept, so are names and places that nothing here changes.
        string[] own = hasOwnRows
            ? [Labels.OpticsName, .. made.Contains(CsFields.CentreX) && made.Contains(CsFields.CentreY) ? CsToStar.Coordinates : []]
            : [];
        return
        [
            .. CsFromParticles.Said.Where(l => l != Labels.OpticsName || isNamed), .. own,
            .. CsFromParticles.Classes(table) is not null && made.Contains(CsFields.Class) ? [Labels.Class] : Array.Empty<string>(),
        ];
    }

    /// <summary>Notes the columns that neither are said nor kept.</summary>
    private void Drop(IReadOnlyCollection<string> said, Func<string, bool> isKept)
    {
        var labels = _block.Table!.Labels.Concat(_file.Find("optics")?.AsTable().Labels ?? []);
        Dropped = [.. labels.Distinct(StringComparer.Ordinal).Where(l => !said.Contains(l) && !isKept(l))];
    }

    private void RequireCtf(string path)
    {
        if (!_block.Table!.Contains(Labels.DefocusU))
        {
            throw new InvalidInputException($"the column is missing; {Path.GetFileName(path)} needs CTF parameters", _path, null, Labels.DefocusU);
        }
    }

    /// <summary>What a function makes of the particles, whose images are asked for only if nothing else says how large they are.</summary>
    private T Particles<T>(string path, StarFile file, Func<StarParticles, T> make, StarParticlesOptions? given = null)
    {
        StarParticles particles;

        // What has no CTF is converted all the same; a file that needs one says so.
        var hasCtf = StarParticles.FindParticles(file, path, posesAreEnough: true).Table!.Contains(Labels.DefocusU);
        var options = (given ?? _options) with { RequireCtf = hasCtf };
        var read = new ParticleFile(file, null, []);
        try
        {
            particles = StarParticles.Of(path, read, options);
        }
        catch (InvalidInputException e) when (e.Field == Labels.ImageSize && options.ImageSize is null)
        {
            particles = StarParticles.Of(path, read, options with { RequireImages = true });
        }

        using (particles)
        {
            _warnings.AddRange(particles.Warnings);
            return make(particles);
        }
    }
}
