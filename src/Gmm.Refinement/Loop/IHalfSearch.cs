namespace Gmm.Refinement;

/// <summary>The search for the poses of one half in one iteration, with its references ready. A particle's result depends on that particle only.</summary>
internal interface IHalfSearch
{
    /// <summary>Cuts particles into pieces that are refined together: those of one tilt series stay together.</summary>
    /// <param name="particles">Particles of the half.</param>
    /// <param name="size">Images of a piece, roughly.</param>
    IEnumerable<int[]> Chunks(int[] particles, int size);

    /// <summary>Refines the poses of a piece.</summary>
    void Refine(int[] chunk, PoseEstimate?[] estimates, CancellationToken cancellationToken);

    /// <summary>Whether <see cref="Learn"/> asks for the covariances of what was found.</summary>
    bool Learns { get; }

    /// <summary>What all particles of the half say of a motion, once they are refined; null where none is sought.</summary>
    HalfMotion? Learn(PoseEstimate?[] estimates, CancellationToken cancellationToken);
}
