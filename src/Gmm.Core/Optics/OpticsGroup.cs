namespace Gmm.Core;

/// <summary>What the particles of one optics group share (a row of RELION's data_optics).</summary>
public sealed record OpticsGroup
{
    /// <summary>Number of the group in its file (rlnOpticsGroup).</summary>
    public int Id { get; init; } = 1;

    /// <summary>Name of the group (rlnOpticsGroupName).</summary>
    public string Name { get; init; } = "opticsGroup1";

    /// <summary>Pixel size of the group's images, angstrom (rlnImagePixelSize).</summary>
    public required double PixelSize { get; init; }

    /// <summary>Side of the group's square images, pixels (rlnImageSize).</summary>
    public required int ImageSize { get; init; }

    /// <summary>What has been done to the images about the CTF.</summary>
    public CtfState CtfState { get; init; }

    /// <summary>Where the origin of the group's images is if their side is odd.</summary>
    public OddOrigin OddOrigin { get; init; }

    /// <summary>Aberrations and magnification of the group; null is none (rlnBeamTiltX/Y, rlnOddZernike, rlnEvenZernike, rlnMagMat00..11).</summary>
    public Aberrations? Aberrations { get; init; }

    /// <summary>MTF of the detector (rlnMtfFileName); null where it is not known, or the same for all groups.</summary>
    public DetectorMtf? Mtf { get; init; }

    /// <summary>Length of the image's side, angstrom; Fourier pixels are its inverse apart.</summary>
    public double BoxLength => PixelSize * ImageSize;
}
