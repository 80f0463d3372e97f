using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The check that half sets share no image, for all that compares them.</summary>
internal static class IndependentHalves
{
    /// <summary>Throws if an image is in both half sets, where the source can know it: particles of a file.</summary>
    public static void Require(IParticleSource source)
    {
        if ((source is PreparedParticles prepared ? prepared.Source : source) is StarParticles particles)
        {
            particles.RequireIndependentHalves();
        }
    }
}
