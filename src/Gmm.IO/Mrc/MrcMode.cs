namespace Gmm.IO;

/// <summary>How an MRC file stores its values (the MODE word of MRC2014).</summary>
public enum MrcMode
{
    /// <summary>Bytes, signed unless the header says otherwise (<see cref="MrcHeader.HasUnsignedBytes"/>).</summary>
    Int8 = 0,

    /// <summary>Signed 16-bit integers.</summary>
    Int16 = 1,

    /// <summary>32-bit floating point, what this library writes.</summary>
    Float32 = 2,

    /// <summary>Unsigned 16-bit integers.</summary>
    UInt16 = 6,

    /// <summary>16-bit floating point.</summary>
    Float16 = 12,

    /// <summary>Unsigned 4-bit integers, two in a byte, the first in the lower half (SerialEM's and IMOD's extension).</summary>
    UInt4 = 101,
}
