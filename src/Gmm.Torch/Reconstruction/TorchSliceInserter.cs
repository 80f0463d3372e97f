using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Torch;

/// <summary>
/// Adds particle images to the sums of a reconstruction on a device (<see cref="TorchReconstructor"/>), for <see cref="FourierReconstructor.Inserter"/>. Images
/// are read and transformed on the host, the next while these are summed; the sums come to the host when somebody looks at them.
/// </summary>
/// <remarks>
/// <example>
/// <code>
/// var options = new RefinementOptions { Reconstructor = new FourierReconstructor { Inserter = new TorchSliceInserter(TorchDevices.Parse("cuda")) } };
/// </code>
/// </example>
/// </remarks>
/// <param name="device">Where the sums are.</param>
/// <param name="memoryBytes">Bytes of working memory beside the sums, roughly.</param>
public sealed class TorchSliceInserter(Device device, long memoryBytes = 1L << 30) : ISliceInserter
{
    /// <summary>Images read at a time; changes nothing but rounding in float64.</summary>
    private const int Batch = 256;

    /// <inheritdoc/>
    public string Name => TorchDevices.NameOf(device);

    /// <inheritdoc/>
    public void Insert(
        ReconstructionInput input,
        IReadOnlyList<GroupSampling> sampling,
        IReadOnlyList<int> indices,
        IReadOnlyList<Rotation> copies,
        FourierAccumulator sums,
        ComputeOptions compute,
        IProgress<ReconstructionProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(sampling);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(copies);
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(compute);
        var images = new ParticleImages(input.Source, [.. sampling.Select(s => s.Disc)]);
        var pieces = indices.Chunk(Batch).SelectMany(chunk => chunk.GroupBy(i => input.Source.Particles[i].OpticsIndex).Select(g => g.ToArray()));
        if (sums.Deferred is not TorchReconstructor onDevice)
        {
            // What another inserter keeps is added first: looking at the sums does that.
            _ = sums.PlaneSums(0);
            sums.Deferred = onDevice = new TorchReconstructor(sums.Grid, device, memoryBytes);
        }

        var done = 0;
        foreach (var read in DeviceImages.ReadAhead(images, pieces, device, compute, cancellationToken))
        {
            using (read)
            {
                if (read.Usable.Length > 0)
                {
                    Insert(onDevice, input, read, sampling[input.Source.Particles[read.Members[0]].OpticsIndex], copies);
                }

                done += read.Members.Length;
            }

            progress?.Report(new ReconstructionProgress(done, indices.Count));
        }
    }

    private void Insert(TorchReconstructor onDevice, ReconstructionInput input, DeviceImages read, GroupSampling sampling, IReadOnlyList<Rotation> copies)
    {
        using var scope = NewDisposeScope();
        int[] usable = [.. read.Usable.Select(n => read.Members[n])];
        Pose[] poses = [.. usable.Select(input.PoseOf)];
        float[] weights = [.. usable.Select(i => (float)(input.WeightOf(i) * sampling.Weight))];
        Tensor rotations = TorchRotations.Rotations(poses, device), shifts = TorchRotations.Shifts(poses, device);
        Tensor weight = TensorMemory.Write(weights, [weights.Length], device);
        Tensor sample = TensorMemory.Write(sampling.SampleWeights.ToArray(), [sampling.Disc.Count], device);
        var state = input.Source.OpticsGroups[input.Source.Particles[usable[0]].OpticsIndex].CtfState;
        for (var copy = 0; copy < copies.Count; copy++)
        {
            using var inner = NewDisposeScope();
            var turned = copy == 0 ? rotations : matmul(rotations, TorchRotations.Rotations([new Pose(copies[copy], 0, 0)], device)[0]);
            onDevice.Insert(sampling.Disc, read.Images, read.Transfers, turned, shifts, weight, state, sampling.Scale, sample);
        }
    }
}
