namespace Gmm.Refinement;

/// <summary>An atom for the simulator.</summary>
/// <param name="X">X, angstrom.</param>
/// <param name="Y">Y, angstrom.</param>
/// <param name="Z">Z, angstrom.</param>
/// <param name="Element">Element symbol.</param>
/// <param name="BFactor">Isotropic B factor, square angstrom.</param>
/// <param name="Occupancy">Occupancy, over 0.</param>
public readonly record struct SimulatedAtom(double X, double Y, double Z, string Element, double BFactor, double Occupancy);
