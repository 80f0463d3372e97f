using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Direct Fourier inversion of particle images at known poses: each image's transform is a central slice of the map's, multiplied by the
/// CTF; the least-squares map is sum(w C D) / sum(w C^2), both sums spread over a padded grid by a Kaiser-Bessel kernel.
/// </summary>
/// <remarks>
/// <para>Absolute scale: projecting the map (the plain sum of voxels along z) gives back the images, CTF aside.</para>
/// <para>Optics groups may have their own pixel size A_p and box. Frequencies are physical. The transform of an image of pixel size A_p
/// is P(k) / A_p^3 for a density P, so a group's coefficients are multiplied by (A_p / A)^3 for a map of pixel size A. Its sampling of
/// the frequency plane has 1/L_p^2 of area for each coefficient (L_p the image's side in angstrom), so coefficients also weigh
/// (L / L_p)^2: every image counts the same, however finely it is sampled. Differences of noise between groups belong in the
/// particles' weights.</para>
/// <para>Images that are already multiplied by their CTF (<see cref="CtfState.Premultiplied"/>) enter the numerator as they are.</para>
/// <para>Images are prepared as <see cref="ReconstructionOptions.Images"/> says, unless the source is prepared already; a particle's own weight
/// (<see cref="Particle.Weight"/>) and the scale of its signal (<see cref="CtfParameters.ScaleFactor"/>) are used: sum(w s C D) / sum(w s^2 C^2).</para>
/// <para>With a symmetry (<see cref="ReconstructionOptions.Symmetry"/>) the map is that of every image inserted in all its equivalent poses, without
/// interpolation (docs/reconstruction.md).</para>
/// <para>Results do not depend on the number of threads. Memory: <see cref="ReconstructionGrid.AccumulatorBytes"/> for the sums and
/// 4 * GridSize * BoxSize^2 bytes to finish (with symmetry the sums once more), beside the maps; the halves are made one after the other.</para>
/// <example>
/// <code>
/// HalfMapPair maps = new FourierReconstructor().ReconstructHalves(new(particles), new ReconstructionOptions(), new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
public sealed class FourierReconstructor : IReconstructor
{
    /// <summary>Side of the Fourier grid over the side of the map, from 1 to 4; under 1.2 the edge of the box is badly aliased.</summary>
    public double PaddingFactor { get; init; } = 1.5;

    /// <summary>
    /// Whether the map fades to a constant outside the sphere in its box (radius half the box, edge three voxels), as RELION's maps do. The
    /// corners hold noise only, raised by undoing the kernel's fading.
    /// </summary>
    public bool MaskCorners { get; init; } = true;

    /// <summary>
    /// The curvature of the Ewald sphere: with 1 an atom at height z of the image's frame has the defocus less z, with -1 plus z (which of the two depends on
    /// the hand in which images are stored; <see cref="EwaldEvidence"/> asks the images); 0 leaves it out. Another value is told as an
    /// <see cref="ArgumentOutOfRangeException"/> when a map is made.
    /// </summary>
    public int EwaldSign { get; init; }

    /// <summary>Adds the images to the sums; null for Gmm's own kernel on the processor, which alone knows the Ewald sphere.</summary>
    public ISliceInserter? Inserter { get; init; }

    /// <inheritdoc/>
    public string Name => FormattableString.Invariant(
        $"fourier(padding {PaddingFactor}{(MaskCorners ? string.Empty : ", corners kept")}{(EwaldSign == 0 ? string.Empty : $", Ewald sphere {EwaldSign}")})")
            + (Inserter is null ? string.Empty : $" on {Inserter.Name}");

    /// <inheritdoc/>
    public HalfMap ReconstructHalf(
        ReconstructionInput input,
        int half,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        compute = compute.StoppedBy(cancellationToken);
        input = input.Prepare(options.Images, compute, input.Select(half), cancellationToken);
        var (reader, symmetry) = Reader(input, options, compute);
        var sums = new FourierAccumulator(reader.Grid);
        Fill(reader, HalfParts.Split(input.Source.Particles, input.Select(half), half, options.Parts), sums, progress, cancellationToken);
        var (grid, voxels) = (reader.Grid, sums.Finish(compute, symmetry, null, MaskCorners));
        return new HalfMap(grid.BoxSize, grid.PixelSize, HalfMapMaker.Finite(voxels, $"half map {half}"), half);
    }

    /// <inheritdoc/>
    public HalfMapPair ReconstructHalves(
        ReconstructionInput input,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return BothHalves(input, options, null, compute, progress, cancellationToken).Halves;
    }

    /// <summary>
    /// Makes the two half maps and, from their sums together, the map of all particles, Wiener-filtered by an SSNR that may come from the half maps.
    /// </summary>
    /// <remarks>Each image is read once; the sums of both halves are held at the same time.</remarks>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="options">Box, resolution, symmetry, preparation of the images.</param>
    /// <param name="ssnr">
    /// The SSNR of each shell of the full map, given the half maps; for example <see cref="RadialProfiles.SsnrFromFsc"/> of their FSC.
    /// </param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The half maps, unfiltered, and the filtered map of all particles.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReconstructHalves"/>.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles.</exception>
    public (HalfMapPair Halves, DensityMap Filtered) ReconstructFiltered(
        ReconstructionInput input,
        ReconstructionOptions options,
        Func<HalfMapPair, IReadOnlyList<double>> ssnr,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (halves, filtered) = BothHalves(input, options, ssnr, compute, progress, cancellationToken);
        return (halves, filtered!);
    }

    /// <summary>Makes one map of all particles of both halves, Wiener-filtered if there is an SSNR.</summary>
    /// <param name="input">Particles, poses, weights.</param>
    /// <param name="options">Box, resolution, symmetry, preparation of the images.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="ssnr">Spectral signal-to-noise ratio of each shell of the map, for a Wiener filter; null for none.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidInputException">No particles, an image that cannot be read or is not finite, a pose or weight that is not finite.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles.</exception>
    public DensityMap Reconstruct(
        ReconstructionInput input,
        ReconstructionOptions options,
        ComputeOptions compute,
        IReadOnlyList<double>? ssnr = null,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        compute = compute.StoppedBy(cancellationToken);
        input = input.Prepare(options.Images, compute, input.Select(null), cancellationToken);
        var (reader, symmetry) = Reader(input, options, compute);
        var sums = Sum(reader, input.Select(null), progress, cancellationToken);
        return new DensityMap(reader.Grid.BoxSize, reader.Grid.PixelSize, HalfMapMaker.Finite(sums.Finish(compute, symmetry, ssnr, MaskCorners), "the map"));
    }

    /// <inheritdoc/>
    /// <remarks>Each image is read once; the sums of all folds are held at the same time.</remarks>
    public HalfMap[] ReconstructFolds(
        ReconstructionInput input,
        int half,
        IReadOnlyList<int> foldOf,
        int folds,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(foldOf);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentOutOfRangeException.ThrowIfNotEqual(foldOf.Count, input.Source.Particles.Count, nameof(foldOf));
        compute = compute.StoppedBy(cancellationToken);
        input = input.Prepare(options.Images, compute, [.. input.Select(half).Where(i => foldOf[i] >= 0)], cancellationToken);
        var (reader, symmetry) = Reader(input, options, compute);
        var members = input.Select(half).Where(i => foldOf[i] >= 0).ToLookup(i => foldOf[i]);
        var sums = new FourierAccumulator[folds];
        int done = 0, total = members.Sum(m => m.Count());
        for (var f = 0; f < folds; f++)
        {
            sums[f] = Sum(reader, [.. members[f]], PartOfProgress.Of(progress, done, total), cancellationToken);
            done += members[f].Count();
        }

        var maps = new HalfMap[folds > 1 ? folds + 1 : 1];
        for (var m = 0; m < maps.Length; m++)
        {
            var whole = new FourierAccumulator(reader.Grid);
            foreach (var part in sums.Where((_, f) => f != m - 1))
            {
                whole.Add(part);
            }

            maps[m] = new HalfMap(
                reader.Grid.BoxSize, reader.Grid.PixelSize, HalfMapMaker.Finite(whole.Finish(compute, symmetry, null, MaskCorners), $"a map of half {half}"),
                half);
        }

        return maps;
    }

    /// <summary>The same with another curvature.</summary>
    internal FourierReconstructor WithEwald(int sign) => With(sign, Inserter);

    /// <summary>The same, its sums made elsewhere.</summary>
    internal FourierReconstructor With(ISliceInserter inserter) => With(EwaldSign, inserter);

    /// <summary>The grid of the maps asked for.</summary>
    internal ReconstructionGrid Grid(IParticleSource source, ReconstructionOptions options)
    {
        if (source.OpticsGroups.Count == 0)
        {
            throw new InvalidInputException("The particles have no optics group.");
        }

        var first = source.OpticsGroups[0];
        return new ReconstructionGrid(options.BoxSize ?? first.ImageSize, options.PixelSize ?? first.PixelSize, PaddingFactor, options.MaxResolution ?? 0);
    }

    /// <summary>Reads prepared particles as slices.</summary>
    internal (SliceReader Reader, GridSymmetry Symmetry) Reader(ReconstructionInput input, ReconstructionOptions options, ComputeOptions compute)
    {
        var symmetry = new GridSymmetry(options.Symmetry);
        return (new SliceReader(input, Grid(input.Source, options), symmetry, EwaldSign, compute, Inserter), symmetry);
    }

    /// <summary>
    /// Makes half maps of images that somebody else puts in, in the order of each half: <paramref name="fill"/> is given a half (0 or 1), what inserts, and
    /// empty sums.
    /// </summary>
    internal HalfMapPair Stream(
        ReconstructionInput input, ReconstructionOptions options, ComputeOptions compute, Action<int, SliceReader, FourierAccumulator> fill)
    {
        var (reader, symmetry) = Reader(input, options, compute);
        var (halves, _) = HalfMapMaker.Make(
            reader.Grid, symmetry, (h, sums) => fill(h, reader, sums), (0, 0), MaskCorners, compute, null);
        // Only now is it known which images count.
        return HalfMapPair.Of(halves.Half1, halves.Half2, input.Source.Particles);
    }

    /// <summary>
    /// Makes half maps, and the filtered map if there is an SSNR, of the sums of parts that somebody else fills: <paramref name="fill"/> is given a half
    /// (0 or 1), what inserts, the particles of each of its parts, and empty sums.
    /// </summary>
    internal (HalfMapPair Halves, DensityMap? Filtered) OfParts(
        ReconstructionInput input, ReconstructionOptions options, Func<HalfMapPair, IReadOnlyList<double>>? ssnr, ComputeOptions compute,
        Action<int, SliceReader, int[][], FourierAccumulator> fill)
    {
        IReadOnlyList<int>[] halves = [input.Select(1), input.Select(2)];
        var (reader, symmetry) = Reader(input, options, compute);
        return HalfMapMaker.Make(
            reader.Grid, symmetry,
            (h, sums) => fill(h, reader, HalfParts.Split(input.Source.Particles, halves[h], h + 1, options.Parts), sums),
            (halves[0].Count, halves[1].Count), MaskCorners, compute, ssnr);
    }

    /// <summary>Sums particles one part after the other, and the parts in their order.</summary>
    internal static void Fill(
        SliceReader reader, int[][] parts, FourierAccumulator sums, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        var partSums = new PartSums(sums);
        int done = 0, total = parts.Sum(p => p.Length);
        foreach (var part in parts)
        {
            reader.Walk(part, chunk =>
            {
                reader.Insert(chunk, partSums.Current, PartOfProgress.Of(progress, done, total), cancellationToken);
                done += chunk.Length;
            }, cancellationToken);
            partSums.EndPart();
        }
    }

    private FourierReconstructor With(int ewaldSign, ISliceInserter? inserter) => new()
    {
        PaddingFactor = PaddingFactor,
        MaskCorners = MaskCorners,
        EwaldSign = ewaldSign,
        Inserter = inserter,
    };

    private static FourierAccumulator Sum(
        SliceReader reader, IReadOnlyList<int> indices, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        var sums = new FourierAccumulator(reader.Grid);
        Fill(reader, [[.. indices]], sums, progress, cancellationToken);
        return sums;
    }

    private (HalfMapPair Halves, DensityMap? Filtered) BothHalves(
        ReconstructionInput input,
        ReconstructionOptions options,
        Func<HalfMapPair, IReadOnlyList<double>>? ssnr,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress,
        CancellationToken cancellationToken)
    {
        compute = compute.StoppedBy(cancellationToken);
        input = input.Prepare(options.Images, compute, [.. input.Select(1), .. input.Select(2)], cancellationToken);
        int count1 = input.Select(1).Count, total = count1 + input.Select(2).Count;
        return OfParts(input, options, ssnr, compute, (h, reader, parts, sums) => Fill(
            reader, parts, sums, PartOfProgress.Of(progress, h == 0 ? 0 : count1, total), cancellationToken));
    }
}
