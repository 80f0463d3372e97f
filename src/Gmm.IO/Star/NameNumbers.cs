using System.Text;

namespace Gmm.IO;

/// <summary>Numbers names from 0 in the order in which they come; a name that was there before makes no new text.</summary>
internal sealed class NameNumbers
{
    private const int LongestOnStack = 256;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The number of a value of a STAR file.</summary>
    /// <param name="raw">The value with its quotes.</param>
    public int Of(ReadOnlySpan<byte> raw)
    {
        // A quoted text may have characters that are not taken as they are.
        if (raw.Length > LongestOnStack || StarText.Unquote(raw).Length < raw.Length)
        {
            return Of(StarText.Decode(raw).AsSpan());
        }

        Span<char> text = stackalloc char[LongestOnStack];
        return Of(text[..Encoding.UTF8.GetChars(raw, text)]);
    }

    private int Of(ReadOnlySpan<char> name)
    {
        var numbers = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!numbers.TryGetValue(name, out var number))
        {
            number = _numbers.Count;
            numbers[name] = number;
        }

        return number;
    }
}
