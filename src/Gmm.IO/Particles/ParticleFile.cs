namespace Gmm.IO;

/// <summary>
/// A file of particles of any program, as RELION's columns: cryoSPARC's .cs and .csg, cisTEM's .star, EMAN2's .lst, and RELION's own.
/// </summary>
/// <param name="Star">The particles in RELION's columns.</param>
/// <param name="Cryosparc">What cryoSPARC's file holds; null if it is none.</param>
/// <param name="Warnings">What was taken from where, or assumed, a sentence each.</param>
internal sealed record ParticleFile(StarFile Star, CsDataset? Cryosparc, IReadOnlyList<string> Warnings)
{
    /// <summary>Reads a file, of the kind that its name or its columns say.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read: where images are looked for, whose headers say what other programs' files do not.</param>
    /// <exception cref="Gmm.Core.InvalidInputException">It cannot be read; the message names file, row and field.</exception>
    public static ParticleFile Read(string path, StarParticlesOptions options)
    {
        if (CsDataset.IsNamed(path))
        {
            var cryosparc = CsDataset.Read(path);
            return new ParticleFile(CsToStar.Convert(cryosparc.Table), cryosparc, cryosparc.Warnings);
        }

        if (EmanList.IsNamed(path))
        {
            return EmanToStar.Convert(path, options);
        }

        var star = StarFile.Read(path);
        return CistemToStar.Convert(star, path, options) is { } cistem ? cistem with { IsCistem = true } : new ParticleFile(star, null, []);
    }

    /// <summary>Whether it is cisTEM's.</summary>
    public bool IsCistem { get; private init; }
}
