using System.Text.Json.Serialization.Metadata;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Writes the files that <see cref="RecordFile"/> reads.</summary>
internal static class RecordOutput
{
    /// <summary>Writes a record, whole or not at all, for people too: indented, with letters as they are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="record">The record.</param>
    /// <param name="type">How it is serialised, source-generated.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void Write<T>(string path, T record, JsonTypeInfo<T> type, bool overwrite = true) =>
        AtomicOutput.Write(path, overwrite, stream => RecordFile.Write(stream, record, type, indented: true));
}
