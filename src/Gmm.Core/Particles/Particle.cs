namespace Gmm.Core;

/// <summary>One particle, without its image.</summary>
/// <param name="Pose">Where its structure is seen.</param>
/// <param name="Ctf">Its contrast transfer function.</param>
/// <param name="OpticsIndex">Index into the optics groups of its source (from 0; not the group's number in a file).</param>
/// <param name="Half">Its half set, 1 or 2 (rlnRandomSubset).</param>
public sealed record Particle(Pose Pose, CtfParameters Ctf, int OpticsIndex, int Half);
