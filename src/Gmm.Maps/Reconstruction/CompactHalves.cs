using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Makes the half maps of large boxes one after the other in little memory: sums in float32 between batches (<see cref="CompactSums"/>), which the map's
/// transform then works in, and the same for the second half.
/// </summary>
/// <remarks>
/// The maps are those of <see cref="FourierReconstructor"/> but for the rounding of the sums, and the same to the bit on any number of threads.
/// </remarks>
internal sealed class CompactHalves
{
    private readonly FourierReconstructor _reconstructor;
    private readonly ReconstructionInput _input;
    private readonly ComputeOptions _compute;
    private readonly ReconstructionOptions _options;
    private CompactSums? _sums;

    /// <summary>Makes ready for both halves.</summary>
    /// <param name="reconstructor">The reconstructor; see <see cref="Can"/>.</param>
    /// <param name="input">Prepared particles.</param>
    /// <param name="options">Which map; it is not cut into parts, whatever they say.</param>
    /// <param name="compute">Threads.</param>
    public CompactHalves(FourierReconstructor reconstructor, ReconstructionInput input, ReconstructionOptions options, ComputeOptions compute)
    {
        compute.Validate();
        (_reconstructor, _input, _options, _compute) = (reconstructor, input, options, compute);
    }

    /// <summary>
    /// Whether a reconstructor's maps can be made so: a device has its own sums, and a group that turns the grid onto itself needs them twice.
    /// </summary>
    /// <param name="reconstructor">The reconstructor.</param>
    /// <param name="symmetry">The point group.</param>
    public static bool Can(IReconstructor reconstructor, SymmetryGroup symmetry) =>
        reconstructor is FourierReconstructor { Inserter: null } && new GridSymmetry(symmetry).IsTrivialOnGrid;

    /// <summary>Makes a half map.</summary>
    /// <param name="half">The half, 1 or 2.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="InvalidInputException">No particles, or an image that cannot be read or is not finite.</exception>
    public HalfMap Make(int half, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        MapMemory.GiveBack();
        if (_sums is null)
        {
            _sums = new CompactSums(_reconstructor.Grid(_input.Source, _options));
        }
        else
        {
            _sums.Clear();
        }

        Sum(_sums, half, progress, cancellationToken);
        // Images and slices.
        MapMemory.GiveBack();
        var grid = _sums.Grid;
        var voxels = new GridFinisher(_sums, _compute.StoppedBy(cancellationToken)).Finish(null, _reconstructor.MaskCorners);
        return new HalfMap(grid.BoxSize, grid.PixelSize, HalfMapMaker.Finite(voxels, $"half map {half}"), half);
    }

    private void Sum(CompactSums sums, int half, IProgress<ReconstructionProgress>? progress, CancellationToken cancellationToken)
    {
        int[] members = [.. _input.Select(half)];
        var done = 0;
        var reader = new SliceReader(_input, sums.Grid, new GridSymmetry(_options.Symmetry), _reconstructor.EwaldSign, _compute);
        reader.Walk(
            members,
            chunk =>
            {
                reader.Insert(chunk, slices => sums.Insert(slices, _compute), PartOfProgress.Of(progress, done, members.Length), cancellationToken);
                done += chunk.Length;
            },
            cancellationToken,
            wholeBatches: true);
        sums.End();
    }
}
