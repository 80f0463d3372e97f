using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>The figures of a run's images in its folder: measured once, by the run that began.</summary>
internal static class JobFigures
{
    /// <summary>The file, from the run's folder.</summary>
    public const string Name = JobFolders.Iterations + "run_images.gmmfig";

    /// <summary>Takes the figures that a run has kept. Where they cannot be used the images are measured again, and the log says why.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="images">Its images.</param>
    /// <param name="stacks">Stamps of their stacks.</param>
    /// <param name="logger">Told what is wrong with the file.</param>
    public static void Take(RunFolder folder, PreparedParticles images, IReadOnlyList<FileStamp> stacks, ILogger logger)
    {
        if (folder.Has(Name))
        {
            Take(folder.In(Name), images, stacks, logger);
        }
    }

    /// <summary>The same for a worker of the run, which has not its folder to itself.</summary>
    public static void Take(string path, PreparedParticles images, IReadOnlyList<FileStamp> stacks, ILogger logger)
    {
        try
        {
            images.Take(ImageFiguresFile.Read(path, images.Particles.Count, ImageFiguresFile.KeyOf(images.Source, stacks)));
        }
        catch (InvalidInputException e)
        {
            logger.LogWarning("{Problem}: the images are looked at again", e.Message);
        }
    }

    /// <summary>Writes the figures, once they are measured, unless they are there.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="images">Its images.</param>
    /// <param name="stacks">Stamps of their stacks.</param>
    public static void Keep(RunFolder folder, PreparedParticles images, IReadOnlyList<FileStamp> stacks)
    {
        if (images.Figures is { } figures)
        {
            ImageFiguresFile.Write(folder.Claim(Name), figures, ImageFiguresFile.KeyOf(images.Source, stacks));
        }
    }
}
