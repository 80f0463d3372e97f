using Gmm.Core;

namespace Gmm.IO;

/// <summary>Images whose CTF was dealt with, on their way to a file that cannot say so: whoever read that would count the CTF once more.</summary>
internal static class AlteredImages
{
    /// <summary>Refuses them.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="file">What cannot say it, such as "a .cs file".</param>
    /// <param name="isSaid">Whether the image of a particle itself says that it is phase-flipped; null where none can.</param>
    /// <exception cref="InvalidInputException">There are such images; the message names file, optics group and column.</exception>
    public static void Refuse(StarParticles source, string file, Func<int, bool>? isSaid = null)
    {
        for (var i = 0; i < source.Particles.Count; i++)
        {
            var group = source.OpticsGroups[source.Particles[i].OpticsIndex];
            var (what, label) = group.CtfState switch
            {
                CtfState.Premultiplied => ("multiplied by their CTF", Labels.Premultiplied),
                CtfState.PhaseFlipped when isSaid?.Invoke(i) != true => ("phase-flipped", Labels.PhaseFlipped),
                _ => (string.Empty, string.Empty),
            };
            if (label.Length > 0)
            {
                throw new InvalidInputException(
                    $"the images of optics group {group.Name} are {what}, which {file} cannot say: write the images as they were extracted", source.Path, null,
                    label);
            }
        }
    }
}
