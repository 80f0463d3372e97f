namespace Gmm.Core;

/// <summary>What has already been done to the images about the contrast transfer function.</summary>
public enum CtfState
{
    /// <summary>Images as the microscope gave them: signal times CTF.</summary>
    Unmodified,

    /// <summary>Phases flipped where the CTF is negative: signal times |CTF|.</summary>
    PhaseFlipped,

    /// <summary>Multiplied by the CTF once more (rlnCtfDataAreCtfPremultiplied): signal times CTF^2, noise times CTF.</summary>
    Premultiplied,

    /// <summary>No CTF in the images at all: signal as it is.</summary>
    None,
}
