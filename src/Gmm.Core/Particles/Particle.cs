namespace Gmm.Core;

/// <summary>One particle, without its image.</summary>
/// <param name="Pose">Where its structure is seen.</param>
/// <param name="Ctf">Its contrast transfer function.</param>
/// <param name="OpticsIndex">Index into the optics groups of its source (from 0; not the group's number in a file).</param>
/// <param name="Half">Its half set, 1 or 2 (rlnRandomSubset).</param>
public sealed record Particle(Pose Pose, CtfParameters Ctf, int OpticsIndex, int Half)
{
    /// <summary>
    /// Weight of its image in sums over images: 1 for an ordinary one, less for one that is unlike the others, 0 for one that holds nothing and is
    /// left out.
    /// </summary>
    public float Weight { get; init; } = 1;

    /// <summary>The micrograph its image is from: equal for particles of one, from 0; -1 where that is not known (rlnMicrographName).</summary>
    public int Micrograph { get; init; } = -1;
}
