using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The half sets of particles, and the check that they share no image.</summary>
internal static class IndependentHalves
{
    /// <summary>The particles of halves 1 and 2, none of which may be empty.</summary>
    public static int[][] Split(IParticleSource source)
    {
        Require(source);
        int[][] halves = [.. Enumerable.Range(1, 2)
            .Select(h => Enumerable.Range(0, source.Particles.Count).Where(i => source.Particles[i].Half == h).ToArray())];
        var empty = Array.FindIndex(halves, h => h.Length == 0);
        return empty < 0 ? halves : throw new InvalidInputException($"Half set {empty + 1} has no particles.");
    }

    /// <summary>Throws if an image is in both half sets, where the source can know it: particles of a file.</summary>
    public static void Require(IParticleSource source)
    {
        if ((source is PreparedParticles prepared ? prepared.Source : source) is StarParticles particles)
        {
            particles.RequireIndependentHalves();
        }
    }
}
