using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>All that the parts of an iteration are worked through with, once a process has made it ready.</summary>
/// <param name="State">Where the refinement stands.</param>
/// <param name="Models">The halves' models.</param>
/// <param name="Noise">The noise in the halves' images.</param>
/// <param name="Signals">What the halves' images say together, by optics group; null where scales are not estimated.</param>
/// <param name="Known">Particles that were refined already, as a sample.</param>
internal sealed record PassInput(
    SearchState State, GaussianModel[] Models, MeasuredNoise[] Noise, SignalGroup?[]?[] Signals, IReadOnlyList<(int Index, PoseEstimate Estimate)> Known)
{
    /// <summary>Number of optics groups.</summary>
    public required int Groups { get; init; }

    /// <summary>The voxels of the maps.</summary>
    public WorkingGrid Grid { get; init; }
}
