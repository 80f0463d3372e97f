using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Reads the models of the two halves, and refuses those that would let the one half decide about the other.</summary>
internal static class HalfModels
{
    /// <summary>Reads both.</summary>
    /// <param name="path1">The model of half 1.</param>
    /// <param name="path2">The model of half 2.</param>
    /// <param name="particles">The particles that they are for.</param>
    /// <param name="call">Gets the warnings.</param>
    /// <returns>The models.</returns>
    /// <exception cref="InvalidInputException">A file that is no model, the models swapped, or one of the other half's particles.</exception>
    public static (GaussianModel Half1, GaussianModel Half2) Read(string path1, string path2, StarParticles particles, VerbCall call)
    {
        var names = particles.Table.GetColumn("rlnImageName");
        var halves = Enumerable.Range(0, names.Length).ToLookup(i => particles.Particles[i].Half, i => names[i]);
        Check(path1, 1, halves, particles.Path, call);
        Check(path2, 2, halves, particles.Path, call);
        return (GaussianModelFile.Read(path1), GaussianModelFile.Read(path2));
    }

    private static void Check(string path, int half, ILookup<int, string> halves, string star, VerbCall call)
    {
        if (GaussianModelFile.ReadOrigin(path) is not { } origin)
        {
            call.Warn([$"{path}: the file does not say which half it was made from, so it cannot be checked that it is half {half} (models of gmm refine do)"]);
            return;
        }

        if (origin.Half != half)
        {
            throw new InvalidInputException($"is a model of half {origin.Half}, given as that of half {half}: the models are swapped", path);
        }

        if (origin.CountIn(halves[3 - half]) is > 0 and var crossed)
        {
            throw new InvalidInputException(
                $"was made from particles that are in half {3 - half} of {star} ({crossed} of a sample of {origin.Sample.Count}): the halves were "
                    + "dealt anew; give the particle file that the models were refined with",
                path);
        }

        if (origin.Sample.Count > 0 && origin.CountIn(halves[half]) == 0)
        {
            call.Warn([$"{path}: was made from other particles than those of half {half} of {star}"]);
        }
    }
}
