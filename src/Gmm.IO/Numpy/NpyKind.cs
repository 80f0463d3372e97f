namespace Gmm.IO;

/// <summary>What the bytes of a field of an NPY array mean.</summary>
internal enum NpyKind
{
    /// <summary>Signed integers.</summary>
    Signed,

    /// <summary>Unsigned integers.</summary>
    Unsigned,

    /// <summary>Floating point numbers.</summary>
    Float,

    /// <summary>One byte, 0 or not.</summary>
    Boolean,

    /// <summary>A text of bytes, filled up with zeros.</summary>
    Bytes,

    /// <summary>A text of four bytes each letter, filled up with zeros.</summary>
    Text,

    /// <summary>Anything else: kept as it is, not read.</summary>
    Raw,
}
