namespace Gmm.Maps;

/// <summary>How far a reconstruction has come.</summary>
/// <param name="Done">Particles inserted so far, of all sets.</param>
/// <param name="Total">Particles to insert in all.</param>
public readonly record struct ReconstructionProgress(int Done, int Total);
