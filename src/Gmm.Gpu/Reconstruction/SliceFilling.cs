using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Gpu;

/// <summary>Reads images, and where they are inserted.</summary>
/// <param name="Input">The particles.</param>
/// <param name="Memory">What their slices are made with.</param>
/// <param name="Grid">The grid of the sums.</param>
/// <param name="Copies">Rotations of the symmetry, the identity first.</param>
/// <param name="Compute">Threads.</param>
internal sealed record SliceFilling(
    ReconstructionInput Input, SliceMemory Memory, ReconstructionGrid Grid, IReadOnlyList<Rotation> Copies, ComputeOptions Compute)
{
    /// <summary>
    /// Cuts particles into batches: runs of one optics group in the order given, so that a cell's sum runs over the images in that order however they are
    /// cut.
    /// </summary>
    public IEnumerable<int[]> Batches(IReadOnlyList<int> indices)
    {
        for (int start = 0, end = 0; start < indices.Count; start = end)
        {
            var group = Group(indices[start]);
            while (end < indices.Count && end - start < Memory.Count && Group(indices[end]) == group)
            {
                end++;
            }

            yield return [.. indices.Skip(start).Take(end - start)];
        }
    }

    /// <summary>The optics group of a batch.</summary>
    public int GroupOf(int[] batch) => Group(batch[0]);

    /// <summary>Reads a batch.</summary>
    /// <exception cref="InvalidInputException">An image, a pose or a CTF that cannot be used.</exception>
    public void Fill(int[] batch, SliceInput to)
    {
        var optics = Memory.Cards[0].Optics[GroupOf(batch)];
        to.Images.Fill(Memory.Images, optics.Images, batch, Compute);
        var (sampling, length) = (optics.Sampling, optics.Sampling.Disc.BoxLength);
        // Cells of the grid per Fourier pixel of the image.
        var cells = Grid.GridSize * Grid.PixelSize / length;
        Span<double> poses = to.Poses.Span;
        Span<float> axes = to.Axes.Span;
        for (var n = 0; n < batch.Length; n++)
        {
            var pose = Input.PoseOf(batch[n]);
            var weight = Input.WeightOf(batch[n]) * sampling.Weight;
            ReadOnlySpan<double> numbers = [pose.ShiftX / length, pose.ShiftY / length, weight, weight * sampling.Scale];
            numbers.CopyTo(poses.Slice(n * SliceKernel.PoseLength, SliceKernel.PoseLength));
            for (var copy = 0; copy < Copies.Count; copy++)
            {
                // A pose that is not turned keeps its bits.
                var m = copy == 0 ? pose.Rotation : pose.Rotation * Copies[copy];
                ReadOnlySpan<float> rows =
                [
                    (float)(m.M00 * cells), (float)(m.M01 * cells), (float)(m.M02 * cells),
                    (float)(m.M10 * cells), (float)(m.M11 * cells), (float)(m.M12 * cells),
                ];
                rows.CopyTo(axes.Slice(((n * Copies.Count) + copy) * InsertKernel.AxesLength, InsertKernel.AxesLength));
            }
        }
    }

    private int Group(int index) => Input.Source.Particles[index].OpticsIndex;
}
