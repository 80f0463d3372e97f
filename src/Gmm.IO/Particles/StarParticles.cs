using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// The particles of a RELION STAR file (3.0 and older: one table; 3.1 to 5: data_optics and data_particles), or of cryoSPARC's .cs or .csg file, with their
/// image stacks. Images are read one by one when asked for, on any number of threads.
/// </summary>
public sealed class StarParticles : IParticleSource, IDisposable
{
    private readonly StarFile _file;
    private readonly StarBlock _block;
    private readonly StarTable _table;
    private readonly ParticleSet _set;
    private readonly NpyTable? _cryosparc;
    private bool _hasOtherOptics;
    private readonly StackPool _pool;

    private StarParticles(
        string path, StarParticlesOptions options, StarFile file, StarBlock block, ParticleSet set, StarTable? table = null, NpyTable? cryosparc = null)
    {
        Path = path;
        Options = options;
        _file = file;
        _block = block;
        _table = table ?? block.Table!;
        _set = set;
        _cryosparc = cryosparc;
        _pool = new StackPool(cache: options is { Cache: { } cache, RequireImages: true } ? new ImageCache(cache) : null);
    }

    /// <summary>Column of the scale of the signal in each image, relative to the others; read in place of rlnCtfScalefactor, which it includes.</summary>
    public const string ScaleLabel = "gmmScale";

    /// <summary>Column of each image's weight (<see cref="Particle.Weight"/>), 0 to 1.</summary>
    public const string WeightLabel = "gmmWeight";

    /// <summary>RELION's column of the scale of the signal.</summary>
    public const string CtfScaleLabel = Labels.Scale;

    /// <summary>The STAR, .cs or .csg file, as given.</summary>
    public string Path { get; }

    /// <summary>How it was read.</summary>
    public StarParticlesOptions Options { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OpticsGroup> OpticsGroups => _set.Groups;

    /// <inheritdoc/>
    public IReadOnlyList<Particle> Particles => _set.Particles;

    /// <summary>What was assumed or ignored in reading the file, a sentence each. Show these to the user.</summary>
    public IReadOnlyList<string> Warnings => _set.Warnings;

    /// <summary>
    /// Whether the file had no rlnRandomSubset (or 0 in all of it), so that halves were made: whole helical tubes, tilt series or micrographs go to one half,
    /// and where there are no such columns odd rows are 1, even rows 2. A warning says which.
    /// </summary>
    public bool HalvesWereAssigned => _set.HalvesAssigned;

    /// <summary>The stacks' files, as they were found; none if images were not asked for.</summary>
    public IReadOnlyList<string> Stacks => _set.Stacks;

    /// <summary>Where the image of a particle is.</summary>
    /// <param name="index">The particle, from 0.</param>
    /// <returns>The stack's number in <see cref="Stacks"/> and the image's in it, from 0.</returns>
    public (int Stack, int Image) ImageOf(int index) => _set.Images[index];

    /// <summary>Whether origins are in pixels in this file (RELION 3.0 and older), not in angstrom.</summary>
    public bool OriginsAreInPixels => _set.OriginsInPixels;

    /// <summary>The file that was read, with all its blocks; of cryoSPARC's, what it is in RELION's columns.</summary>
    public StarFile File => _file;

    /// <summary>The table of particles in it.</summary>
    public StarTable Table => _table;

    /// <summary>Reads a file and checks it against its stacks; images are not read yet.</summary>
    /// <param name="path">The STAR file, or cryoSPARC's .cs or .csg file: passthrough files in the same folder are joined to a .cs that needs them.</param>
    /// <param name="options">How to read it.</param>
    /// <returns>The particles.</returns>
    /// <exception cref="InvalidInputException">
    /// The message names file, row (line) and column: no particles; a column missing; a number that is none; a half not 1 or 2, or an
    /// empty half; an optics group not in the table; a pixel size not positive; a stack missing, truncated or of another box; an image
    /// number outside its stack.
    /// </exception>
    public static StarParticles Open(string path, StarParticlesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new StarParticlesOptions();
        options.Validate();
        var read = ParticleFile.Read(path, options);
        read.Cryosparc?.Require(options.RequireImages, options.RequireImages && options.RequireCtf);
        return Of(path, read, options);
    }

    /// <summary>Reads particles of a file in memory, as if it were a file of that name.</summary>
    internal static StarParticles Of(string path, ParticleFile read, StarParticlesOptions options)
    {
        var (file, cryosparc) = (read.Star, read.Cryosparc);
        var block = FindParticles(file, path, !options.RequireImages);
        if (options.RequireImages)
        {
            TomographyInputs.Refuse(file, block.Table!, path);
        }

        var roots = new ImageRoots(path, options.Root, file.Comments) { Advice = cryosparc is null ? string.Empty : CsDataset.ProjectAdvice };
        var set = new StarParticlesReader(path, block.Table!, file.Find("optics")?.AsTable(), options, roots).Read();
        string[] warnings =
        [
            .. read.Warnings, .. set.Warnings, .. options.RequireImages && cryosparc?.DarkText() is { } dark ? [dark] : Array.Empty<string>(),
        ];
        return new StarParticles(path, options, file, block, set with { Warnings = warnings }, cryosparc: cryosparc?.Table);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The span has another length than the group's images.</exception>
    public void ReadImage(int index, Span<float> pixels)
    {
        var n = _set.Groups[_set.Particles[index].OpticsIndex].ImageSize;
        if (pixels.Length != n * n)
        {
            throw new ArgumentException($"The images of this particle's group have {n} x {n} pixels, not {pixels.Length}.", nameof(pixels));
        }

        if (_set.Stacks.Count == 0)
        {
            throw new InvalidInputException("the images were not asked for when this file was read", Path);
        }

        var image = _set.Images[index];
        var stack = _set.Stacks[image.Stack];
        _pool.ReadImage(stack, image.Index, pixels);
        var bad = ImageChecks.FirstNonFinite(pixels);
        if (bad >= 0)
        {
            throw new InvalidInputException(
                $"image {image.Index + 1} of {stack} has a NaN or infinity at pixel ({bad % n}, {bad / n})", Path, _table.LineOf(index), Labels.ImageName);
        }
    }

    /// <summary>Checks that another file has the same particles, row by row: as many of them, and each with the same rlnImageName in the same half.</summary>
    /// <param name="other">The other file, at other poses perhaps.</param>
    /// <exception cref="InvalidInputException">It has not; the message names that file, the row (line) and the column.</exception>
    public void RequireSameParticles(StarParticles other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Particles.Count != Particles.Count)
        {
            throw new InvalidInputException(
                $"has {other.Particles.Count} particles, {Path} {Particles.Count}: they must be the same, in the same order", other.Path);
        }

        foreach (var file in new[] { this, other })
        {
            if (!file._table.Contains(Labels.ImageName))
            {
                throw new InvalidInputException("has no names of images, so that its particles cannot be told", file.Path, null, Labels.ImageName);
            }
        }

        for (var i = 0; i < Particles.Count; i++)
        {
            var (mine, theirs) = (_table.GetText(i, Labels.ImageName), other._table.GetText(i, Labels.ImageName));
            if (mine != theirs)
            {
                throw new InvalidInputException(
                    $"is {theirs}, but that particle of {Path} is {mine}: the particles must be the same, in the same order", other.Path,
                    other._table.LineOf(i), Labels.ImageName);
            }

            if (Particles[i].Half != other.Particles[i].Half)
            {
                throw new InvalidInputException(
                    $"puts {theirs} in half {other.Particles[i].Half}, but {Path} in half {Particles[i].Half}", other.Path, other._table.LineOf(i),
                    Labels.Half);
            }
        }
    }

    /// <summary>
    /// Checks that no image is in both half sets, told by the file it lies in (links followed) and its number, not by how its name is spelled.
    /// </summary>
    /// <remarks>Nothing is known, and nothing thrown, where the images were not asked for.</remarks>
    /// <exception cref="InvalidInputException">One is; the message names file, row (line) and column.</exception>
    public void RequireIndependentHalves()
    {
        if (_set.Shared.AcrossText(_table) is { } text)
        {
            throw _table.Error(text, _set.Shared.FirstAcross.Row, Labels.ImageName);
        }
    }

    /// <inheritdoc/>
    public string Describe(int index) => _set.Stacks.Count == 0
        ? $"{Path}, row {_table.LineOf(index)}"
        : $"{Path}, row {_table.LineOf(index)} (image {_set.Images[index].Index + 1} of {_set.Stacks[_set.Images[index].Stack]})";

    /// <summary>
    /// The pose that is read back after <see cref="WriteStar"/> wrote one: angles and origins with six decimals. A refinement that goes
    /// on from this pose and one that goes on from the file do the same, bit for bit.
    /// </summary>
    /// <param name="index">The particle it is of, from 0.</param>
    /// <param name="pose">The pose.</param>
    /// <returns>The same pose within half a unit of the sixth decimal; exactly the same if it is the pose that was read.</returns>
    public Pose Quantize(int index, Pose pose)
    {
        // A pose that did not change keeps its text, and so itself.
        var original = _set.Particles[index].Pose;
        return pose == original ? original : PoseText.Quantize(pose, Unit(index));
    }

    /// <summary>
    /// Writes the file that was read with other poses: angles and origins replaced (origins in the file's own unit; text of poses that did
    /// not change is kept), RELION's priors set to them where there are any, rlnRandomSubset added if it was missing, extra columns added or
    /// replaced, everything else as it was. A comment remembers the folder that image names are relative to, so that the new file finds its images
    /// from anywhere.
    /// </summary>
    /// <param name="path">The file to write.</param>
    /// <param name="poses">One pose for each particle.</param>
    /// <param name="extraColumns">More columns.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">Not one pose, or not one value of an extra column, for each particle.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public void WriteStar(string path, IReadOnlyList<Pose> poses, IReadOnlyList<StarColumn>? extraColumns = null, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(poses);
        if (poses.Count != Particles.Count)
        {
            throw new ArgumentException($"There are {Particles.Count} particles, not {poses.Count}.", nameof(poses));
        }

        var table = _table.Clone();
        PoseColumns.Set(table, poses, i => Particles[i], _set);
        if (HalvesWereAssigned)
        {
            var halves = StarColumn.FromIntegers(Labels.Half, Particles.Count, i => Particles[i].Half);
            table.SetColumn(halves.Label, halves.Values);
        }

        WriteTable(path, table, extraColumns, overwrite);
    }

    /// <summary>The file of a stack by its name in the table, where it is found; images need not have been asked for.</summary>
    internal string? FindStack(string name) => _set.Roots.Find(name);

    /// <summary>The folders that images' names are relative to, as far as is known: full paths, which files written of these particles remember.</summary>
    internal IReadOnlyList<string> ImageFolders => _set.Roots.ForWriting(_table.Contains(Labels.ImageName) ? _table.GetText(0, Labels.ImageName) : null);

    /// <summary>Whether these are cryoSPARC's particles, so that they can be written as such with all their fields.</summary>
    internal bool AreCryosparcs => _cryosparc is not null;

    /// <summary>
    /// Writes the .cs file that was read with other poses, and a group (.csg) beside it that cryoSPARC imports: alignments3D/pose and shift of poses that
    /// changed, halves if they were made, the fields of CTFs and aberrations where the optics are others, and everything else bit for bit as it was.
    /// </summary>
    /// <param name="path">The .cs file to write; the group has its name with .csg.</param>
    /// <param name="poses">One pose for each particle.</param>
    /// <param name="overwrite">Whether files of these names may be replaced.</param>
    /// <param name="rows">The particles to write, from 0; null writes all in their order.</param>
    /// <exception cref="InvalidOperationException">These are not cryoSPARC's particles.</exception>
    /// <exception cref="InvalidInputException">A file cannot be written, or exists and must not be replaced.</exception>
    internal void WriteCryosparc(string path, IReadOnlyList<Pose> poses, bool overwrite = false, IReadOnlyList<int>? rows = null)
    {
        var own = _cryosparc ?? throw new InvalidOperationException("These are not cryoSPARC's particles.");
        NpyTable table;
        if (_hasOtherOptics)
        {
            var options = Options with { RequireImages = false, ImageSize = _set.Groups[0].ImageSize };
            using var moved = Of(Path, new ParticleFile(WithPoses(poses), null, []), options);
            table = CsFromParticles.Convert(moved, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, own);
        }
        else
        {
            table = CsPoses.With(own, poses, _set);
        }

        CsPoses.WriteWithGroup(path, rows is null ? table : table.Select(rows), overwrite);
    }

    /// <summary>The file that was read, with other poses; what <see cref="WriteStar"/> writes, but for halves.</summary>
    internal StarFile WithPoses(IReadOnlyList<Pose> poses)
    {
        var table = _table.Clone();
        PoseColumns.Set(table, poses, i => Particles[i], _set);
        var block = new StarBlock(_block.Name, table) { HasHeader = _block.HasHeader };
        foreach (var comment in _block.Comments)
        {
            block.Comments.Add(comment);
        }

        return _file.With(_block, block);
    }

    /// <summary>Writes some of the particles, at the poses of the file that was read: a class or a cluster. Their rows keep their text.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="indices">The particles, from 0, in the order wanted.</param>
    /// <param name="extraColumns">More columns, a value for each of these particles.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">An extra column with another number of values, or no such particle.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public void WriteSubset(string path, IReadOnlyList<int> indices, IReadOnlyList<StarColumn>? extraColumns = null, bool overwrite = false)
    {
        var table = _table.Select(indices);
        if (HalvesWereAssigned)
        {
            var halves = StarColumn.FromIntegers(Labels.Half, [.. indices.Select(i => Particles[i].Half)]);
            table.SetColumn(halves.Label, halves.Values);
        }

        WriteTable(path, table, extraColumns, overwrite);
    }

    /// <summary>
    /// The particles with each one standing once for every operator of a point group, in the poses (A S, t): the particle itself first, then its
    /// copies. Copies share the image and stay in its half set. Columns gmmSourceRow (row of the particle in this set, from 1) and gmmSymmetryCopy
    /// (from 1, the particle itself) are added.
    /// </summary>
    /// <param name="symmetry">The group.</param>
    /// <returns>A new set with its own access to the stacks; close it too.</returns>
    /// <exception cref="InvalidInputException">The set is expanded already, or the rows would be too many.</exception>
    public StarParticles ExpandSymmetry(SymmetryGroup symmetry)
    {
        ArgumentNullException.ThrowIfNull(symmetry);
        var (table, set) = SymmetryExpansion.Run(
            _table, _set, symmetry, (t, poses) => PoseColumns.Set(t, poses, i => _set.Particles[i / symmetry.Order], _set));
        return new StarParticles(Path, Options, _file, _block, set, table);
    }

    /// <summary>The same particles with other optics, to write and to round poses with. Images are read from this set.</summary>
    /// <param name="groups">The groups, in the order in which particles name them first.</param>
    /// <param name="groupOf">For each particle its group among them.</param>
    /// <param name="ctfs">For each particle its CTF.</param>
    internal StarParticles WithOptics(IReadOnlyList<OpticsGroup> groups, IReadOnlyList<int> groupOf, IReadOnlyList<CtfParameters> ctfs)
    {
        var (file, table, set) = OpticsWriting.Run(_file, _block, _table, _set, groups, groupOf, ctfs);
        return new StarParticles(Path, Options, file, _block, set, table, _cryosparc) { _hasOtherOptics = true };
    }

    /// <summary>Writes a new particle file in RELION 3.1's form, for simulated sets.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="groups">Optics groups. Voltage, aberration and amplitude contrast of each are those of its first particle.</param>
    /// <param name="particles">The particles.</param>
    /// <param name="imageNames">rlnImageName of each, such as "000001@stack.mrcs"; see <see cref="ImageName"/>.</param>
    /// <param name="extraColumns">More columns.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="imageRoot">Folder that the names are relative to, which the file then remembers; null remembers none.</param>
    /// <exception cref="ArgumentException">Lists of different length, or an optics index outside the groups.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteParticleStar(
        string path,
        IReadOnlyList<OpticsGroup> groups,
        IReadOnlyList<Particle> particles,
        IReadOnlyList<string> imageNames,
        IReadOnlyList<StarColumn>? extraColumns = null,
        bool overwrite = false,
        string? imageRoot = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(particles);
        ArgumentNullException.ThrowIfNull(imageNames);
        var file = ParticleStarBuilder.Build(groups, particles, imageNames, extraColumns ?? []);
        if (imageRoot is not null)
        {
            ImageRoots.Remember(file.Blocks[^1].Comments, path, [System.IO.Path.GetFullPath(imageRoot)]);
        }

        file.Write(path, overwrite);
    }

    /// <summary>The rlnImageName of an image.</summary>
    /// <param name="index">Image in its stack, from 0.</param>
    /// <param name="stack">The stack's path.</param>
    /// <returns>The name, such as "000001@stack.mrcs" for index 0.</returns>
    public static string ImageName(int index, string stack) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{index + 1:D6}@{stack}");

    /// <summary>Closes the stacks.</summary>
    public void Dispose() => _pool.Dispose();

    private void WriteTable(string path, StarTable table, IReadOnlyList<StarColumn>? extraColumns, bool overwrite)
    {
        foreach (var column in extraColumns ?? [])
        {
            table.SetColumn(column.Label, column.Values);
        }

        var block = new StarBlock(_block.Name, table) { HasHeader = _block.HasHeader };
        foreach (var comment in _block.Comments)
        {
            block.Comments.Add(comment);
        }

        ImageRoots.Remember(block.Comments, path, ImageFolders);
        _file.With(_block, block).Write(path, overwrite);
    }

    /// <summary>The block that holds particles.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="posesAreEnough">Whether a table of poses without names of images is one.</param>
    internal static StarBlock FindParticles(StarFile file, string path, bool posesAreEnough)
    {
        bool Fits(StarBlock b) => b.Table is { } t && (t.Contains(Labels.ImageName) || (posesAreEnough && t.Contains(PoseText.Rot)));
        foreach (var name in new[] { "particles", "images", string.Empty })
        {
            if (file.Blocks.FirstOrDefault(b => b.Name == name && Fits(b)) is { } named)
            {
                return named;
            }
        }

        return file.Blocks.FirstOrDefault(b => b.Name != "optics" && Fits(b))
            ?? throw (TomographyInputs.SetIn(file) is null
                ? new InvalidInputException("no table of particles: no loop has this column", path, null, Labels.ImageName)
                : new InvalidInputException(
                    "is an optimisation set, which names files of particles and tomograms: gmm convert SET.star --out tilts.star makes single tilts of them, "
                        + "which gmm refine --tilt-series rlnTomoParticleName takes", path, null, TomographyInputs.ParticlesFile));
    }

    private OriginUnit Unit(int index) => OriginUnit.Of(_set.Groups[_set.Particles[index].OpticsIndex], _set.OriginsInPixels);
}
