using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Gmm.Reports;

/// <summary>
/// Writes a page. Whatever comes from files is text: elements and attributes are written through here only, which encodes it, and data for the
/// page's script go into blocks of JSON in which nothing can end the block.
/// </summary>
internal sealed class HtmlWriter
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _data = new();
    private int _charts;

    /// <summary>What was written.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>The blocks of data, to stand at the end of the page.</summary>
    public string Data => _data.ToString();

    /// <summary>A name for an element that no other has.</summary>
    public string NewId(string stem) => FormattableString.Invariant($"{stem}-{++_charts}");

    /// <summary>Opens an element.</summary>
    public void Open(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                _text.Append(' ').Append(attribute).Append("=\"").Append(s_encoder.Encode(Clean(value))).Append('"');
            }
        }

        _text.Append('>');
    }

    /// <summary>Closes an element.</summary>
    public void Close(string name) => _text.Append("</").Append(name).Append(">\n");

    /// <summary>Writes text.</summary>
    public void Text(string text) => _text.Append(s_encoder.Encode(Clean(text)));

    /// <summary>Writes an element that holds text.</summary>
    public void Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        Text(text);
        Close(name);
    }

    /// <summary>Adds a block of data as JSON.</summary>
    /// <param name="id">The element that it belongs to; the block is "data-" and that.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="write">Writes the members of the object.</param>
    public void AddData(string id, string kind, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // The default encoder writes <, >, &, quotes and all that is not ASCII as \uXXXX, so nothing in the block can end it.
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteString("target", id);
            write(json);
            json.WriteEndObject();
        }

        _data.Append("<script type=\"application/json\" class=\"gmm-data\" id=\"data-").Append(id).Append("\">")
            .Append(Encoding.UTF8.GetString(buffer.WrittenSpan)).Append("</script>\n");
    }

    /// <summary>Adds a block of bytes, compressed.</summary>
    /// <param name="id">The block's name.</param>
    /// <param name="bytes">The bytes.</param>
    public void AddBytes(string id, ReadOnlySpan<byte> bytes) =>
        _data.Append("<script type=\"application/octet-stream;base64\" id=\"").Append(id).Append("\">").Append(Compress(bytes)).Append("</script>\n");

    /// <summary>Bytes as the text of their gzip form in base 64.</summary>
    public static string Compress(ReadOnlySpan<byte> bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return Convert.ToBase64String(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }

    /// <summary>Control characters have no place in HTML; what they stand in is shown with a sign for each.</summary>
    private static string Clean(string text) => text.Any(IsControl) ? string.Concat(text.Select(c => IsControl(c) ? '\u2423' : c)) : text;

    private static bool IsControl(char c) => (char.IsControl(c) && c is not '\n') || c is '\uFFFE' or '\uFFFF';
}
