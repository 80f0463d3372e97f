using Gmm.Core;

namespace Gmm.IO;

/// <summary>What the reader makes of a particle STAR file.</summary>
/// <param name="Groups">Optics groups.</param>
/// <param name="Particles">Particles in the file's order.</param>
/// <param name="Stacks">Paths of the stacks as found on disk; empty if images were not asked for.</param>
/// <param name="Images">Stack and image (from 0) of each particle.</param>
/// <param name="OriginsInPixels">Whether rlnOriginX/Y are in pixels.</param>
/// <param name="HalvesAssigned">Whether the file said nothing of half sets.</param>
/// <param name="Shared">Images that several rows have.</param>
/// <param name="Roots">Folders that the names of stacks are relative to.</param>
/// <param name="Warnings">What was assumed or ignored.</param>
internal sealed record ParticleSet(
    OpticsGroup[] Groups,
    Particle[] Particles,
    IReadOnlyList<string> Stacks,
    (int Stack, int Index)[] Images,
    bool OriginsInPixels,
    bool HalvesAssigned,
    SharedImages Shared,
    ImageRoots Roots,
    IReadOnlyList<string> Warnings);
