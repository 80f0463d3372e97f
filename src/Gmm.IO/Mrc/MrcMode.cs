namespace Gmm.IO;

/// <summary>How an MRC file stores its values (the MODE word of MRC2014).</summary>
public enum MrcMode
{
    /// <summary>Signed bytes.</summary>
    Int8 = 0,

    /// <summary>Signed 16-bit integers.</summary>
    Int16 = 1,

    /// <summary>32-bit floating point, what this library writes.</summary>
    Float32 = 2,

    /// <summary>Unsigned 16-bit integers.</summary>
    UInt16 = 6,

    /// <summary>16-bit floating point.</summary>
    Float16 = 12,
}
