using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>The FSC curves of a comparison of half maps as jobs write them.</summary>
internal static class FscTable
{
    /// <summary>Writes the curves with their final resolution; an existing file is replaced.</summary>
    public static void Write(string path, CorrectedFsc fsc) => FscFile.WriteStar(
        path,
        fsc.Unmasked.Frequencies,
        [
            new FscColumn(FscFile.Corrected, fsc.Corrected.Values),
            new FscColumn(FscFile.Unmasked, fsc.Unmasked.Values),
            new FscColumn(FscFile.Masked, fsc.Masked.Values),
            new FscColumn(FscFile.PhaseRandomized, fsc.Randomised.Values),
        ],
        [new StarPair("rlnFinalResolution", FscFile.FinalResolution(fsc.Resolution))],
        overwrite: true);
}
