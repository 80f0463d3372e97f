namespace Gmm.Reports;

/// <summary>A map in a page's viewer, in bytes.</summary>
/// <param name="Name">What the reader chooses it by.</param>
/// <param name="Voxels">0 to 255, x slowest and z fastest as 3Dmol has them.</param>
/// <param name="Least">The value that 0 stands for.</param>
/// <param name="Greatest">The value that 255 stands for.</param>
internal sealed record ViewedMap(string Name, byte[] Voxels, double Least, double Greatest);
