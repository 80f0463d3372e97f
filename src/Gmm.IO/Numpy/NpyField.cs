using System.Globalization;

namespace Gmm.IO;

/// <summary>A field of a structured array: its name, type, shape and place in a row.</summary>
/// <param name="Name">The name, such as "alignments3D/pose".</param>
/// <param name="Type">NumPy's name of the type, such as "&lt;f4" or "|S60".</param>
/// <param name="Shape">Numbers of elements along each axis; empty is one element.</param>
/// <param name="Offset">First byte in a row.</param>
internal sealed record NpyField(string Name, string Type, IReadOnlyList<int> Shape, int Offset)
{
    /// <summary>The greatest size of an element: a path of this many bytes is none.</summary>
    private const int LargestElement = 1 << 20;

    /// <summary>What the bytes mean.</summary>
    public NpyKind Kind { get; } = Type.Length < 2 ? NpyKind.Raw : Type[1] switch
    {
        'i' => NpyKind.Signed,
        'u' => NpyKind.Unsigned,
        'f' => NpyKind.Float,
        'b' or '?' => NpyKind.Boolean,
        'S' or 'a' => NpyKind.Bytes,
        'U' => NpyKind.Text,
        _ => NpyKind.Raw,
    };

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes { get; } = SizeOf(Type) ?? 0;

    /// <summary>Whether the first byte of a number is its highest.</summary>
    public bool IsBigEndian => Type[0] == '>';

    /// <summary>Number of elements.</summary>
    public int Count { get; } = Shape.Aggregate(1, (a, b) => checked(a * b));

    /// <summary>Bytes in a row.</summary>
    public int ByteCount => checked(Count * ElementBytes);

    /// <summary>Bytes of an element of a type; null if it is no type of fixed size.</summary>
    public static int? SizeOf(string type)
    {
        if (type.Length < 2 || type[0] is not ('<' or '>' or '|' or '=') || type[1] == 'O')
        {
            return null;
        }

        if (type == "|?")
        {
            return 1;
        }

        // Dates have a unit behind their size: "<M8[ns]".
        var end = type.IndexOf('[', 2);
        var digits = end < 0 ? type.AsSpan(2) : type.AsSpan(2, end - 2);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > LargestElement)
        {
            return null;
        }

        return type[1] switch
        {
            'U' => 4 * size,
            'i' or 'u' => size is 1 or 2 or 4 or 8 ? size : null,
            'f' => size is 2 or 4 or 8 or 16 ? size : null,
            'b' => size == 1 ? size : null,
            'S' or 'a' or 'V' or 'c' or 'M' or 'm' => size,
            _ => null,
        };
    }

    /// <summary>The field as the header of a file describes it.</summary>
    public string Describe()
    {
        // A tuple of one has a comma behind it.
        var shape = Shape.Count == 0 ? string.Empty : $", ({string.Join(", ", Shape)}{(Shape.Count == 1 ? "," : string.Empty)})";
        return $"({PythonLiteral.Quote(Name)}, '{Type}'{shape})";
    }
}
