using System.Security.Cryptography;
using System.Text;

namespace Gmm.IO;

/// <summary>
/// Which half of which particles a Gaussian model was made from, so that it is not given to the other half, whose poses it must not decide. The particles
/// are known by a sample of their names: the same particles give the same sample whatever their order, poses or folders.
/// </summary>
/// <param name="Half">1 or 2.</param>
/// <param name="Sample">Hashes of names, the smallest ones, in order; empty where they are not known.</param>
public sealed record ModelOrigin(int Half, IReadOnlyList<string> Sample)
{
    private const int SampleSize = 32;

    /// <summary>The origin of a model of particles.</summary>
    /// <param name="half">1 or 2.</param>
    /// <param name="imageNames">The half's image names, as rlnImageName has them.</param>
    /// <returns>The origin.</returns>
    public static ModelOrigin Of(int half, IEnumerable<string> imageNames)
    {
        // Only the smallest are held, however many names there are.
        var smallest = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var hash in imageNames.Select(Hash))
        {
            if (smallest.Add(hash) && smallest.Count > SampleSize)
            {
                smallest.Remove(smallest.Max!);
            }
        }

        return new ModelOrigin(half, [.. smallest]);
    }

    /// <summary>How many of the sampled particles are among others.</summary>
    /// <param name="imageNames">Image names.</param>
    /// <returns>The number.</returns>
    public int CountIn(IEnumerable<string> imageNames)
    {
        var sample = Sample.ToHashSet(StringComparer.Ordinal);
        return imageNames.Select(Hash).Where(sample.Contains).Distinct().Count();
    }

    /// <summary>A hash of an image's number and its stack's name without folders, which change where files are moved.</summary>
    private static string Hash(string imageName)
    {
        var at = imageName.IndexOf('@', StringComparison.Ordinal);
        var number = at < 0 ? string.Empty : imageName[..at].TrimStart('0');
        var stack = imageName[(at + 1)..];
        var name = number + "@" + stack[(stack.LastIndexOf('/') + 1)..];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 6));
    }
}
