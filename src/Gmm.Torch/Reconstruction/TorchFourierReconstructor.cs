using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Torch;

/// <summary>
/// Direct Fourier inversion with the sums on a device: <see cref="FourierReconstructor"/> with the insertion done by a <see cref="TorchReconstructor"/>, for
/// the loops' options. Images are read and transformed on the host, many at a time, and the map is finished there.
/// </summary>
/// <remarks>
/// A symmetry is imposed by inserting every image in all its equivalent poses; the managed one symmetrises a part of the group on the grid, so with a symmetry
/// the two maps differ by interpolation. There is no correction for the Ewald sphere.
/// <example>
/// <code>
/// var options = new RefinementOptions { Reconstructor = new TorchFourierReconstructor(TorchDevices.Parse("cuda")) };
/// </code>
/// </example>
/// </remarks>
/// <param name="device">Where the sums are.</param>
/// <param name="memoryBytes">Bytes of working memory beside the sums, roughly.</param>
public sealed class TorchFourierReconstructor(Device device, long memoryBytes = 1L << 30) : IReconstructor
{
    /// <summary>Images read at a time; changes nothing in the result.</summary>
    private const int Batch = 256;

    /// <summary>Side of the Fourier grid over the side of the map, from 1 to 4.</summary>
    public double PaddingFactor { get; init; } = 1.5;

    /// <summary>Whether the map fades to a constant outside the sphere in its box.</summary>
    public bool MaskCorners { get; init; } = true;

    /// <inheritdoc/>
    public string Name => FormattableString.Invariant(
        $"fourier(padding {PaddingFactor}{(MaskCorners ? string.Empty : ", corners kept")}) on {TorchDevices.NameOf(device)}");

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
        input = input.Prepare(options.Images, compute, input.Select(half), cancellationToken);
        var indices = input.Select(half);
        var first = input.Source.OpticsGroups[0];
        var grid = new ReconstructionGrid(options.BoxSize ?? first.ImageSize, options.PixelSize ?? first.PixelSize, PaddingFactor, options.MaxResolution ?? 0);
        var sampling = GroupSampling.Of(input.Source, grid);
        var images = new ParticleImages(input.Source, [.. sampling.Select(s => s.Disc)]);
        using var sums = new TorchReconstructor(grid, device, memoryBytes);
        var done = 0;
        foreach (var chunk in indices.Chunk(Batch))
        {
            foreach (var group in chunk.GroupBy(i => input.Source.Particles[i].OpticsIndex))
            {
                Insert(sums, input, images, [.. group], sampling[group.Key], options.Symmetry, compute, cancellationToken);
            }

            done += chunk.Length;
            progress?.Report(new ReconstructionProgress(done, indices.Count));
        }

        var voxels = sums.ToAccumulator().Finish(compute, null, MaskCorners);
        return System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(voxels)
            ? new HalfMap(grid.BoxSize, grid.PixelSize, voxels, half)
            : throw new InvalidInputException(
                $"half map {half} has values that are not finite: the images it is made of have values beyond any image");
    }

    private void Insert(
        TorchReconstructor sums,
        ReconstructionInput input,
        ParticleImages images,
        int[] members,
        GroupSampling sampling,
        SymmetryGroup symmetry,
        ComputeOptions compute,
        CancellationToken cancellationToken)
    {
        using var read = DeviceImages.Read(images, members, device, compute, cancellationToken);
        if (read.Usable.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Pose[] poses = [.. read.Usable.Select(n => input.PoseOf(members[n]))];
        float[] weights = [.. read.Usable.Select(n => (float)(input.WeightOf(members[n]) * sampling.Weight))];
        Tensor rotations = TorchRotations.Rotations(poses, device), shifts = TorchRotations.Shifts(poses, device);
        Tensor weight = TensorMemory.Write(weights, [weights.Length], device), sample = TensorMemory.Write(
            sampling.SampleWeights.ToArray(), [sampling.Disc.Count], device);
        var state = input.Source.OpticsGroups[input.Source.Particles[members[0]].OpticsIndex].CtfState;
        for (var copy = 0; copy < symmetry.Order; copy++)
        {
            using var inner = NewDisposeScope();
            var turned = copy == 0 ? rotations : matmul(rotations, TorchRotations.Rotations([new Pose(symmetry.Operators[copy], 0, 0)], device)[0]);
            sums.Insert(sampling.Disc, read.Images, read.Transfers, turned, shifts, weight, state, sampling.Scale, sample);
        }
    }
}
