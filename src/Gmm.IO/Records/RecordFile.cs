using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Reads JSON records (run.json, provenance.json, states, headers of binary files): the one reader of all of them. What comes back is whole: every
/// member that must be there is there and of its kind (<see cref="JsonSerializer"/>, with the options that each context must set:
/// RespectNullableAnnotations, RespectRequiredConstructorParameters and no duplicates), and every value is usable (<see cref="IRecord"/>). Anything
/// else is an error that names the file and the field.
/// </summary>
internal static partial class RecordFile
{
    /// <summary>No record is near this: a run's of a thousand iterations has a megabyte.</summary>
    public const int MaximumBytes = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The record's type, source-generated.</param>
    /// <param name="what">What the file is, for messages: "the record of a run".</param>
    /// <exception cref="InvalidInputException">It cannot be read, is something else, or a field is missing or not usable.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type, string what)
        where T : class, IRecord => Parse(InputFile.ReadBytes(path, MaximumBytes), type, path, what);

    /// <summary>Reads a record that is in memory, such as the header of a binary file.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="type">The record's type, source-generated.</param>
    /// <param name="path">The file it is from.</param>
    /// <param name="what">What the file is, for messages.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Read"/>.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string path, string what)
        where T : class, IRecord
    {
        try
        {
            var record = JsonSerializer.Deserialize(InputFile.WithoutMark(json), type)
                ?? throw new InvalidInputException($"is not {what}: it holds null", path);
            record.Validate(new RecordCheck(path, string.Empty));
            return record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw Unusable(e, path, what);
        }
    }

    /// <summary>A record in one line, as UTF-8: for headers.</summary>
    public static byte[] ToBytes<T>(T record, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        Write(stream, record, type, indented: false);
        return stream.ToArray();
    }

    /// <summary>A record in one line.</summary>
    public static string ToText<T>(T record, JsonTypeInfo<T> type) => Encoding.UTF8.GetString(ToBytes(record, type));

    /// <summary>Writes a record to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="record">The record.</param>
    /// <param name="type">How it is serialised, source-generated.</param>
    /// <param name="indented">Whether it is laid out for people.</param>
    public static void Write<T>(Stream stream, T record, JsonTypeInfo<T> type, bool indented)
    {
        // Not the default encoder, which is made for text inside HTML: "+" and letters beyond ASCII are to be read.
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        JsonSerializer.Serialize(writer, record, type);
    }

    /// <summary>The serializer's complaint in words of the file: its own messages speak of .NET types.</summary>
    public static InvalidInputException Unusable(Exception e, string path, string what)
    {
        var json = e as JsonException;
        var field = json?.Path?.TrimStart('$').TrimStart('.');
        var problem =
            Missing().Match(e.Message) is { Success: true } missing
                ? $"the member {missing.Groups[1].Value.Replace("'", string.Empty, StringComparison.Ordinal).TrimEnd('.')} is missing"
            : Null().IsMatch(e.Message) ? "is null"
            : Unknown().IsMatch(e.Message) ? "is no member of such a file"
            : Kind().Match(e.Message) is { Success: true } kind ? $"is not {Name(kind.Groups[1].Value)}"
            : e.Message.StartsWith("Duplicate property", StringComparison.Ordinal) ? "stands there twice"
            : json is { LineNumber: not null } ? Broken(json)
            : Place().Replace(e.Message, string.Empty);
        return new InvalidInputException(
            $"{(string.IsNullOrEmpty(field) ? $"is not {what}: " : string.Empty)}{problem}",
            path,
            json?.LineNumber + 1,
            string.IsNullOrEmpty(field) ? null : field,
            e);
    }

    /// <summary>Text that is no JSON, with the place where that shows.</summary>
    private static string Broken(JsonException e) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"the JSON is broken here, at byte {e.BytePositionInLine + 1} of the line")
            + (e.Message.Contains("trailing comma", StringComparison.Ordinal) ? ": a comma before a closing bracket"
                : e.Message.Contains("depth to be zero", StringComparison.Ordinal) || e.Message.Contains("end of data", StringComparison.Ordinal)
                    ? ": it ends too soon"
                : string.Empty);

    private static string Name(string type) => type switch
    {
        _ when type.Contains("Dictionary", StringComparison.Ordinal) => "a set of names and values in { }",
        _ when type.Contains("List", StringComparison.Ordinal) || type.EndsWith(']') => "a list in [ ]",
        _ when type.StartsWith("Gmm.", StringComparison.Ordinal) => "a set of members in { }",
        _ when type.Contains("Int32", StringComparison.Ordinal) && !type.Contains('[', StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("Double", StringComparison.Ordinal) && !type.Contains('[', StringComparison.Ordinal) => "a number",
        "System.String" => "a text",
        "System.Boolean" => "true or false",
        _ => "what stands here in such a file",
    };

    [GeneratedRegex("missing required properties including: (.*)$", RegexOptions.Singleline)]
    private static partial Regex Missing();

    [GeneratedRegex("doesn't allow .*null values")]
    private static partial Regex Null();

    [GeneratedRegex("could not be mapped to any .NET member")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"could not be converted to ([^ ]+)\.( |$)")]
    private static partial Regex Kind();

    [GeneratedRegex(@" (Path: .*?\| )?LineNumber: .*$", RegexOptions.Singleline)]
    private static partial Regex Place();
}
