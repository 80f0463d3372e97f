using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>
/// The sums of half maps on a graphics card: images are transformed there and put into the sums of <see cref="FourierReconstructor"/>, which makes the map of
/// them. The same sums but for rounding, and the same bits in every run on one card.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// using GpuDevice device = GpuDevices.Open("gpu");
/// IReconstructor reconstructor = new GpuFourierReconstructor(device);
/// HalfMapPair maps = reconstructor.ReconstructHalves(new(particles), new ReconstructionOptions(), new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
/// <param name="device">The card.</param>
/// <param name="managed">The reconstructor whose padding and corners are used; the default one if null.</param>
/// <exception cref="ArgumentException">A reconstructor on the Ewald sphere.</exception>
public sealed class GpuFourierReconstructor(GpuDevice device, FourierReconstructor? managed = null) : IReconstructor
{
    /// <summary>Images inserted together: as many as share one look at the sums.</summary>
    private const int MostSlices = 64;

    private readonly GpuDevice _device = device ?? throw new ArgumentNullException(nameof(device));
    private readonly FourierReconstructor _managed = managed is null or { EwaldSign: 0 }
        ? managed ?? new FourierReconstructor()
        : throw new ArgumentException("There are no kernels for the Ewald sphere.", nameof(managed));

    private readonly Lazy<InsertionEngine> _engine = new(() => new InsertionEngine(device));

    /// <inheritdoc/>
    public string Name => $"{_managed.Name} on {_device.Name}";

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">
    /// As for the managed reconstructor; or the card has too little memory, or fails.
    /// </exception>
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
        var grid = _managed.Grid(input.Source, options);
        var symmetry = new GridSymmetry(options.Symmetry);
        var sums = Sum(input, input.Select(half), grid, symmetry, compute, progress);
        return new HalfMap(
            grid.BoxSize, grid.PixelSize, HalfMapMaker.Finite(sums.Finish(compute, symmetry, null, _managed.MaskCorners), $"half map {half}"), half);
    }

    /// <summary>The sums of particles.</summary>
    internal FourierAccumulator Sum(
        ReconstructionInput input, IReadOnlyList<int> indices, ReconstructionGrid grid, GridSymmetry symmetry, ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress)
    {
        var sampling = GroupSampling.Of(input.Source, grid, null);
        var images = new ParticleImages(input.Source, [.. sampling.Select(s => s.Disc)]);
        using var sums = new DeviceSums(_device, grid);
        var done = 0;
        foreach (var group in indices.GroupBy(i => input.Source.Particles[i].OpticsIndex))
        {
            int[] members = [.. group];
            using var optics = new DeviceOptics(_device, sampling[group.Key].Disc, input.Source.OpticsGroups[group.Key]);
            using var slots = new SliceSlots(
                _device, optics, sampling[group.Key].SampleWeights, Math.Min(MostSlices, members.Length), symmetry.Cosets.Count);
            Insert(new Filling(input, images, sampling[group.Key], grid, symmetry, compute), members, slots, sums, n =>
            {
                done += n;
                progress?.Report(new ReconstructionProgress(done, indices.Count));
            });
        }

        return sums.ToAccumulator(indices.Count * (long)symmetry.Cosets.Count);
    }

    private void Insert(Filling filling, int[] members, SliceSlots slots, DeviceSums sums, Action<int> done)
    {
        int[][] parts = [.. members.Chunk(slots.Images.Count)];
        try
        {
            filling.Fill(parts[0], slots, slots.Sets[0]);
            for (var p = 0; p < parts.Length; p++)
            {
                _engine.Value.Enqueue(slots, slots.Sets[p % 2], sums);
                if (p + 1 < parts.Length)
                {
                    filling.Fill(parts[p + 1], slots, slots.Sets[(p + 1) % 2]);
                }

                _device.Wait();
                done(parts[p].Length);
            }
        }
        catch
        {
            // Nothing may go on copying from memory that is let go.
            _device.Wait();
            throw;
        }
    }

    /// <summary>Fills the host's side of slots.</summary>
    private sealed record Filling(
        ReconstructionInput Input, ParticleImages Images, GroupSampling Sampling, ReconstructionGrid Grid, GridSymmetry Symmetry, ComputeOptions Compute)
    {
        public void Fill(int[] part, SliceSlots slots, SliceSlots.HostSet set)
        {
            set.Images.Fill(Images, slots.Optics, part, Compute);
            var length = Sampling.Disc.BoxLength;
            // Cells of the grid per Fourier pixel of the image.
            var cells = Grid.GridSize * Grid.PixelSize / length;
            Span<double> poses = set.Poses.Span;
            Span<float> axes = set.Axes.Span;
            for (var n = 0; n < part.Length; n++)
            {
                var pose = Input.PoseOf(part[n]);
                var weight = Input.WeightOf(part[n]) * Sampling.Weight;
                ReadOnlySpan<double> numbers = [pose.ShiftX / length, pose.ShiftY / length, weight, weight * Sampling.Scale];
                numbers.CopyTo(poses.Slice(n * SliceKernel.PoseLength, SliceKernel.PoseLength));
                for (var copy = 0; copy < slots.Copies; copy++)
                {
                    // A pose that is not turned keeps its bits.
                    var m = copy == 0 ? pose.Rotation : pose.Rotation * Symmetry.Cosets[copy];
                    ReadOnlySpan<float> rows =
                    [
                        (float)(m.M00 * cells), (float)(m.M01 * cells), (float)(m.M02 * cells),
                        (float)(m.M10 * cells), (float)(m.M11 * cells), (float)(m.M12 * cells),
                    ];
                    rows.CopyTo(axes.Slice(((copy * slots.Images.Count) + n) * InsertKernel.AxesLength, InsertKernel.AxesLength));
                }
            }
        }
    }
}
