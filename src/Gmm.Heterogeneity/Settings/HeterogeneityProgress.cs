namespace Gmm.Heterogeneity;

/// <summary>What a heterogeneity analysis is doing.</summary>
/// <param name="Half">Half set, 1 or 2.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Epoch">The epoch, while training; from 1.</param>
/// <param name="Done">Particles done in this stage or epoch.</param>
/// <param name="Total">Particles of this stage or epoch.</param>
/// <param name="HeldOutGain">Gain on the held-out particles after the last epoch, or NaN.</param>
/// <param name="Round">The round, from 1.</param>
public readonly record struct HeterogeneityProgress(int Half, HeterogeneityStage Stage, int Epoch, int Done, int Total, double HeldOutGain, int Round = 1);
