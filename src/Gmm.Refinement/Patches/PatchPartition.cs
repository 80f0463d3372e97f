using System.Globalization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>
/// Cuts a molecule into patches: K-means on the Gaussians of its models, and a soft mask around each cluster (paper, Methods; EMAN2
/// <c>e2gmm_refine_patch</c>).
/// </summary>
/// <remarks>
/// The clusters are those of the Gaussians of both halves' models together, so neither half decides the other's masks alone. As with the
/// solvent mask, masks are the one thing besides scalars that both halves share; EMAN2 takes them from the even half.
/// <example>
/// <code>
/// IReadOnlyList&lt;Patch&gt; patches = PatchPartition.Make(model1, model2, solventMask, new PatchPartitionOptions { Count = 8 });
/// </code>
/// </example>
/// </remarks>
internal static class PatchPartition
{
    /// <summary>Makes patches.</summary>
    /// <param name="half1">Model of half 1.</param>
    /// <param name="half2">Model of half 2.</param>
    /// <param name="solvent">Solvent mask on the voxels of the maps; the patches' masks end where it does.</param>
    /// <param name="options">How many, and how their masks are made.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <returns>The patches, ordered along z, then y, then x; with a symmetry, each cluster is followed by its copies.</returns>
    /// <exception cref="InvalidInputException">More patches than the Gaussians can fill, or a count that does not suit the symmetry.</exception>
    public static IReadOnlyList<Patch> Make(
        GaussianModel half1, GaussianModel half2, SolventMask solvent, PatchPartitionOptions options, ComputeOptions? compute = null)
    {
        options.Validate();
        compute ??= new ComputeOptions();
        foreach (var (model, half) in new[] { (half1, 1), (half2, 2) })
        {
            if ((long)options.Count * options.LeastGaussians > model.Count)
            {
                throw new InvalidInputException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{options.Count} patches are more than the {model.Count} Gaussians of half {half} can fill: a patch needs "
                        + $"{options.LeastGaussians} at least."));
            }
        }

        var clusters = PatchClusters.Find([half1, half2], options, compute.Seed);
        var masks = new PatchMasks(solvent, options, compute);
        var patches = new Patch[options.Count];
        for (var k = 0; k < patches.Length; k++)
        {
            var c = clusters.Centres[k];
            var mask = options.Tight ? masks.Tight(clusters.Members(k)) : masks.Sphere(c, clusters.Radius(k));
            patches[k] = new Patch(Patch.NameOf(body: false, k + 1), mask, c.X, c.Y, c.Z);
        }

        return patches;
    }
}
