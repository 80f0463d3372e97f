namespace Gmm.Maps;

/// <summary>Particles left out of a reconstruction.</summary>
/// <param name="Rejected">Their indices, from 0, in order.</param>
/// <param name="WorstKept1">The smallest score that stays in half 1; NaN if none stays.</param>
/// <param name="WorstKept2">The smallest score that stays in half 2; NaN if none stays.</param>
public sealed record ParticleRejection(IReadOnlyList<int> Rejected, double WorstKept1, double WorstKept2);
