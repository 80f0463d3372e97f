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
/// </remarks>
public static class Reconstructor
{
    /// <summary>Reconstructs the two half maps.</summary>
    /// <param name="source">The particles and their images.</param>
    /// <param name="poses">A pose for each particle in place of the source's; null takes the source's.</param>
    /// <param name="weights">A weight for each particle; 0 leaves it out; null weighs all 1.</param>
    /// <param name="options">Box, padding, resolution.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The half maps and their mean.</returns>
    /// <exception cref="InvalidInputException">A half without particles, an image that cannot be read or is not finite, a pose or weight that is not finite.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles.</exception>
    public static HalfMapPair ReconstructHalves(
        IParticleSource source,
        IReadOnlyList<Pose>? poses,
        IReadOnlyList<float>? weights,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        compute = compute.StoppedBy(cancellationToken);
        // Poses and weights are checked before the images are read.
        source = PreparedParticles.Of(source, options.Images, compute, [.. SelectHalves(source, poses, weights).SelectMany(h => h)], cancellationToken);
        var halves = SelectHalves(source, poses, weights);
        var symmetry = new GridSymmetry(options.Symmetry);
        var reader = new SliceReader(source, poses, weights, MakeGrid(source, options), symmetry, compute);
        return HalfMapMaker.Make(reader.Grid, symmetry, Filler(reader, halves, progress, cancellationToken), (halves[0].Count, halves[1].Count), options, compute, null).Halves;
    }

    /// <summary>Reconstructs the two half maps and, from their sums together, the map of all particles, Wiener-filtered by an SSNR that may come from the half maps.</summary>
    /// <remarks>Each image is read once; the sums of both halves are held at the same time.</remarks>
    /// <param name="source">The particles and their images.</param>
    /// <param name="poses">A pose for each particle in place of the source's; null takes the source's.</param>
    /// <param name="weights">A weight for each particle; 0 leaves it out; null weighs all 1.</param>
    /// <param name="options">Box, padding, resolution, symmetry; its SSNR is not used.</param>
    /// <param name="ssnr">
    /// The SSNR of each shell of the full map, given the half maps; for example <see cref="RadialProfiles.SsnrFromFsc"/> of their FSC.
    /// </param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The half maps, unfiltered, and the filtered map of all particles.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReconstructHalves"/>.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles.</exception>
    public static (HalfMapPair Halves, DensityMap Filtered) ReconstructFiltered(
        IParticleSource source,
        IReadOnlyList<Pose>? poses,
        IReadOnlyList<float>? weights,
        ReconstructionOptions options,
        Func<HalfMapPair, IReadOnlyList<double>> ssnr,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        compute = compute.StoppedBy(cancellationToken);
        // Poses and weights are checked before the images are read.
        source = PreparedParticles.Of(source, options.Images, compute, [.. SelectHalves(source, poses, weights).SelectMany(h => h)], cancellationToken);
        var halves = SelectHalves(source, poses, weights);
        var symmetry = new GridSymmetry(options.Symmetry);
        var reader = new SliceReader(source, poses, weights, MakeGrid(source, options), symmetry, compute);
        var (maps, filtered) = HalfMapMaker.Make(
            reader.Grid, symmetry, Filler(reader, halves, progress, cancellationToken), (halves[0].Count, halves[1].Count), options, compute, ssnr);
        return (maps, filtered!);
    }

    /// <summary>Reconstructs one half map.</summary>
    /// <param name="source">The particles and their images.</param>
    /// <param name="poses">A pose for each particle in place of the source's; null takes the source's.</param>
    /// <param name="weights">A weight for each particle; 0 leaves it out; null weighs all 1.</param>
    /// <param name="half">1 or 2.</param>
    /// <param name="options">Box, padding, resolution, symmetry.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The half map and the number of its particles.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReconstructHalves"/>, for this half only.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles, or a half that is none.</exception>
    public static (HalfMap Map, int Count) ReconstructHalf(
        IParticleSource source,
        IReadOnlyList<Pose>? poses,
        IReadOnlyList<float>? weights,
        int half,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        compute = compute.StoppedBy(cancellationToken);
        if (half is not (1 or 2))
        {
            throw new ArgumentOutOfRangeException(nameof(half), half, "The halves are 1 and 2.");
        }

        source = PreparedParticles.Of(source, options.Images, compute, SelectHalf(source, poses, weights, half), cancellationToken);
        var indices = SelectHalf(source, poses, weights, half);
        var symmetry = new GridSymmetry(options.Symmetry);
        var reader = new SliceReader(source, poses, weights, MakeGrid(source, options), symmetry, compute);
        var sums = new FourierAccumulator(reader.Grid);
        reader.Insert(indices, sums, 0, indices.Count, progress, cancellationToken);
        return (new HalfMap(reader.Grid.BoxSize, reader.Grid.PixelSize, sums.Finish(compute, symmetry, null, options.MaskCorners), half), indices.Count);
    }

    /// <summary>Reconstructs one map from all particles of both halves, Wiener-filtered if the options hold an SSNR.</summary>
    /// <param name="source">The particles and their images.</param>
    /// <param name="poses">A pose for each particle in place of the source's; null takes the source's.</param>
    /// <param name="weights">A weight for each particle; 0 leaves it out; null weighs all 1.</param>
    /// <param name="options">Box, padding, resolution, SSNR.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidInputException">No particles, an image that cannot be read or is not finite, a pose or weight that is not finite.</exception>
    /// <exception cref="ArgumentException">Poses or weights of another length than the particles.</exception>
    public static DensityMap Reconstruct(
        IParticleSource source,
        IReadOnlyList<Pose>? poses,
        IReadOnlyList<float>? weights,
        ReconstructionOptions options,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        compute = compute.StoppedBy(cancellationToken);
        source = PreparedParticles.Of(source, options.Images, compute, SliceReader.Select(source, poses, weights, null), cancellationToken);
        var indices = SliceReader.Select(source, poses, weights, null);
        if (indices.Count == 0)
        {
            throw new InvalidInputException("There are no particles with a weight over 0.");
        }

        var symmetry = new GridSymmetry(options.Symmetry);
        var reader = new SliceReader(source, poses, weights, MakeGrid(source, options), symmetry, compute);
        var sums = new FourierAccumulator(reader.Grid);
        reader.Insert(indices, sums, 0, indices.Count, progress, cancellationToken);
        return new DensityMap(reader.Grid.BoxSize, reader.Grid.PixelSize, sums.Finish(compute, symmetry, options.ShellSsnr, options.MaskCorners));
    }

    private static List<int>[] SelectHalves(IParticleSource source, IReadOnlyList<Pose>? poses, IReadOnlyList<float>? weights) =>
        [SelectHalf(source, poses, weights, 1), SelectHalf(source, poses, weights, 2)];

    private static List<int> SelectHalf(IParticleSource source, IReadOnlyList<Pose>? poses, IReadOnlyList<float>? weights, int half) =>
        SliceReader.Select(source, poses, weights, half) is { Count: > 0 } indices
            ? indices
            : throw new InvalidInputException($"Half set {half} has no particles with a weight over 0.");

    private static Action<int, FourierAccumulator> Filler(
        SliceReader reader, List<int>[] halves, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken) =>
        (h, sums) => reader.Insert(halves[h], sums, h == 0 ? 0 : halves[0].Count, halves[0].Count + halves[1].Count, progress, cancellationToken);

    internal static ReconstructionGrid MakeGrid(IParticleSource source, ReconstructionOptions options)
    {
        if (source.OpticsGroups.Count == 0)
        {
            throw new InvalidInputException("The particles have no optics group.");
        }

        var first = source.OpticsGroups[0];
        return new ReconstructionGrid(
            options.BoxSize ?? first.ImageSize, options.PixelSize ?? first.PixelSize, options.PaddingFactor, options.MaxResolution ?? 0);
    }
}
