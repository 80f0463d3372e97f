using Gmm.Core;

namespace Gmm.IO;

/// <summary>How a particle STAR file is read.</summary>
public sealed record StarParticlesOptions
{
    /// <summary>
    /// Folder that the stack names in the file are relative to (RELION's project folder). Without it a name is tried relative to the
    /// folders that the file remembers (those of Gmm do), to the current folder, as RELION does, to the STAR file's folder and to the folders above that.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>What has been done to the images about the CTF, in place of what the file says.</summary>
    public CtfState? CtfState { get; init; }

    /// <summary>
    /// Whether signals are damped by the exposure before each image, which the column rlnMicrographPreExposure must then tell
    /// (<see cref="CtfParameters.PreExposure"/>). By default they are not, as RELION does with single particles.
    /// </summary>
    public bool DoseWeighting { get; init; }

    /// <summary>Pixel size of all images, angstrom, in place of what the file says. Shifts in angstrom stay, shifts in pixels scale with it.</summary>
    public double? PixelSize { get; init; }

    /// <summary>Where the origin of images of odd side is; null takes RELION's and warns, since no file says it.</summary>
    public OddOrigin? OddOrigin { get; init; }

    /// <summary>Side of all images, pixels, where neither the file nor a stack says (only with <see cref="RequireImages"/> off).</summary>
    public int? ImageSize { get; init; }

    /// <summary>
    /// Whether defocus columns must be there (default). If not, a file without rlnDefocusU is read with images free of CTF
    /// (<see cref="Gmm.Core.CtfState.None"/>, unless <see cref="CtfState"/> says otherwise) and a warning.
    /// </summary>
    public bool RequireCtf { get; init; } = true;

    /// <summary>Whether both half sets must have particles (default).</summary>
    public bool RequireBothHalves { get; init; } = true;

    /// <summary>Whether the image stacks must be there (default). If not they are never opened: for poses and CTFs only.</summary>
    public bool RequireImages { get; init; } = true;

    /// <summary>Where images are kept once they were read; null keeps them nowhere. Results do not depend on it.</summary>
    public ImageCacheOptions? Cache { get; init; }

    /// <summary>The stack of all images, of files that say which image of a stack a particle is but not which stack (cisTEM's can).</summary>
    internal string? Stack { get; init; }

    internal void Validate()
    {
        if (PixelSize is { } a && PhysicalLimits.PixelProblem(a) is { } problem)
        {
            throw new InvalidInputException(problem, "options", null, nameof(PixelSize));
        }

        if (ImageSize is <= 0)
        {
            throw new InvalidInputException($"the image size {ImageSize} is not positive", "options", null, nameof(ImageSize));
        }
    }
}
