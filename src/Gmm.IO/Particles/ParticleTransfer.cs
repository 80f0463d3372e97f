using Gmm.Core;

namespace Gmm.IO;

/// <summary>Particles of one or several files on their way to another: read, put together, chosen, written.</summary>
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
    private bool _posesAreOwn = true;

    /// <summary>Reads the files.</summary>
    /// <param name="paths">STAR, .cs or .csg files; several are put together in RELION 3.1's form.</param>
    /// <param name="options">How they are read.</param>
    /// <exception cref="InvalidInputException">As for <see cref="StarParticles.Open"/>, or the files have other columns than the first.</exception>
    public ParticleTransfer(IReadOnlyList<string> paths, StarParticlesOptions options)
    {
        (_path, _options) = (paths[0], options);
        var roots = new List<string>();
        var files = new List<(string Path, StarFile File)>();
        foreach (var path in paths)
        {
            var cryosparc = CsDataset.IsNamed(path) ? CsDataset.Read(path) : null;
            _warnings.AddRange(cryosparc?.Warnings ?? []);
            var file = cryosparc is null ? StarFile.Read(path) : CsToStar.Convert(cryosparc.Table);
            var table = StarParticles.FindParticles(file, path, posesAreEnough: true).Table!;
            roots.AddRange(new ImageRoots(path, options.Root, file).ForWriting(
                table.Contains(Labels.ImageName) && table.RowCount > 0 ? table.GetText(0, Labels.ImageName) : null));
            files.Add((path, file));
            _cryosparc = paths.Count == 1 ? cryosparc : null;
        }

        _roots = [.. roots.Distinct(StringComparer.Ordinal)];
        _file = files.Count == 1 ? files[0].File : StarMerge.Merge([.. files.Select(f => (f.Path, Particles(f.Path, f.File, StarVersionOf)))]);
        _block = StarParticles.FindParticles(_file, _path, posesAreEnough: true);
        _rows = [.. Enumerable.Range(0, _block.Table!.RowCount)];
    }

    /// <summary>Number of particles.</summary>
    public int Count => _rows.Length;

    /// <summary>What was assumed, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Puts poses of cryoDRGN's in place of those that are there.</summary>
    public void TakePoses(string path)
    {
        _file = Particles(_path, _file, p => p.WithPoses(CryodrgnFiles.ReadPoses(path, p)));
        _block = StarParticles.FindParticles(_file, _path, posesAreEnough: true);
        _posesAreOwn = false;
    }

    /// <summary>Keeps a selection of cryoDRGN's.</summary>
    public void Keep(string selection) => Keep(CryodrgnFiles.ReadSelection(selection, _block.Table!.RowCount));

    /// <summary>Keeps the particles for which conditions hold.</summary>
    public void Keep(IReadOnlyList<RowCondition> conditions)
    {
        if (conditions.Count > 0)
        {
            Keep(RowCondition.Rows(_block.Table!, conditions));
        }
    }

    private void Keep(int[] rows)
    {
        _rows = [.. rows.Select(r => _rows[r])];
        var chosen = new StarBlock(_block.Name, _block.Table!.Select(rows)) { HasHeader = _block.HasHeader };
        foreach (var comment in _block.Comments)
        {
            chosen.Comments.Add(comment);
        }

        (_file, _block) = (_file.With(_block, chosen), chosen);
    }

    /// <summary>Writes a STAR file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="version">"3.0", "3.1" or "5"; null leaves the form as it is.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <returns>The number of optics groups, if there is a table of them.</returns>
    public int? WriteStar(string path, string? version, bool overwrite)
    {
        var file = version is null ? _file : Particles(_path, _file, p => version switch
        {
            "3.0" => StarVersions.Flat(p),
            "5" => StarVersions.WithOptics(p, Relion5),
            _ => StarVersions.WithOptics(p, Relion31),
        });
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
        if (_cryosparc is not null && like is null && _posesAreOwn)
        {
            table = _cryosparc.Table.Select(_rows);
        }
        else
        {
            var own = like is null ? _cryosparc : CsDataset.Read(like);
            _warnings.AddRange(like is null ? [] : own?.Warnings ?? []);
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            ImageRoots.Remember(_block.Comments, _path, _roots);
            table = Particles(_path, _file, p => CsFromParticles.Convert(p, folder, own?.Table));
        }

        CsPoses.WriteWithGroup(path, table, overwrite);
        return _file.Find("optics")?.AsTable().RowCount;
    }

    private static StarFile StarVersionOf(StarParticles particles) => StarVersions.WithOptics(particles, Relion31);

    /// <summary>What a function makes of the particles, whose images are asked for only if nothing else says how large they are.</summary>
    private T Particles<T>(string path, StarFile file, Func<StarParticles, T> make)
    {
        StarParticles particles;
        try
        {
            particles = StarParticles.Of(path, file, _options);
        }
        catch (InvalidInputException e) when (e.Field == Labels.ImageSize && _options.ImageSize is null)
        {
            particles = StarParticles.Of(path, file, _options with { RequireImages = true });
        }

        using (particles)
        {
            _warnings.AddRange(particles.Warnings);
            return make(particles);
        }
    }
}
