using Gmm.Core;

namespace Gmm.IO;

/// <summary>Recognises what subtomogram averaging has in place of particle images, which would otherwise be read as single images.</summary>
internal static class TomographyInputs
{
    private const string Stacks = "rlnTomoSubTomosAre2DStacks";
    private const string VisibleFrames = "rlnTomoVisibleFrames";
    /// <summary>The file of particles that an optimisation set names.</summary>
    public const string ParticlesFile = "rlnTomoParticlesFile";

    /// <summary>The file of tomograms that an optimisation set names.</summary>
    public const string TomogramsFile = "rlnTomoTomogramsFile";

    private const string Dimensionality = Labels.ImageDimensionality;
    private const string Advice = "gmm reads images of single particles. Of stacks of tilts gmm convert --tomograms makes single tilts, each with its own pose "
        + "and CTF, which gmm refine --tilt-series takes (docs/tilt-series.md)";

    /// <summary>The block of an optimisation set of RELION's, which names its particles' file; null if the file is none.</summary>
    public static StarBlock? SetIn(StarFile file) =>
        file.Blocks.FirstOrDefault(b => b.Table?.Contains(ParticlesFile) ?? b.Contains(ParticlesFile));

    /// <summary>Refuses subtomograms and stacks of tilt images.</summary>
    /// <exception cref="InvalidInputException">They are; the message names file, row and column.</exception>
    public static void Refuse(StarFile file, StarTable particles, string path)
    {
        if (file.Find("optics")?.AsTable() is { } optics && optics.Contains(Dimensionality))
        {
            for (var row = 0; row < optics.RowCount; row++)
            {
                if (optics.GetInteger(row, Dimensionality) == 3)
                {
                    throw optics.Error($"3: the images are subtomograms, which are not read here; {Advice}", row, Dimensionality);
                }
            }
        }

        foreach (var block in file.Blocks)
        {
            if (block.Contains(Stacks) && block.GetInteger(Stacks) != 0)
            {
                throw new InvalidInputException(
                    $"1: each image is a stack of all tilt images of a particle, which is not read here; {Advice}", path, null, Stacks);
            }
        }

        if (particles.Contains(VisibleFrames))
        {
            throw new InvalidInputException(
                $"the column is there: each image is a stack of tilt images, which is not read here; {Advice}", path, null, VisibleFrames);
        }
    }
}
