using System.Globalization;
using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>A place in a record (a JSON path such as patches[2].name) and the checks of what stands there; every complaint names file and place.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">The place; empty for the whole record.</param>
internal readonly record struct RecordCheck(string File, string Path)
{
    /// <summary>A member of this object.</summary>
    public RecordCheck this[string member] => new(File, Path.Length == 0 ? member : $"{Path}.{member}");

    /// <summary>An element of this list.</summary>
    public RecordCheck this[int index] => new(File, string.Create(CultureInfo.InvariantCulture, $"{Path}[{index}]"));

    /// <summary>The error that something is wrong here.</summary>
    public InvalidInputException Error(string problem) => new(problem, File, null, Path.Length == 0 ? null : Path);

    /// <summary>Complains unless a condition holds.</summary>
    public void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw Error(problem);
        }
    }

    /// <summary>What stands here must not be null.</summary>
    public T Some<T>(T? value)
        where T : class => value ?? throw Error("is null");

    /// <summary>A number that is neither NaN nor infinite.</summary>
    public void Finite(double value) => Require(double.IsFinite(value), Invariant($"{value} is not a finite number"));

    /// <summary>Requires a positive number where there is one.</summary>
    public void PositiveOrNull(double? value)
    {
        if (value is { } number)
        {
            Positive(number);
        }
    }

    /// <summary>A finite number above 0.</summary>
    public void Positive(double value) => Require(double.IsFinite(value) && value > 0, Invariant($"{value} is not a positive number"));

    /// <summary>A finite number that is not below 0.</summary>
    public void NotNegative(double value) => Require(double.IsFinite(value) && value >= 0, Invariant($"{value} is not a number from 0 up"));

    /// <summary>A number that may be unknown (NaN), and is finite and not below 0 otherwise.</summary>
    public void Unknown(double value) =>
        Require(double.IsNaN(value) || (double.IsFinite(value) && value >= 0), Invariant($"{value} is not a number from 0 up"));

    /// <summary>A number in a range, ends included.</summary>
    public void Within(double value, double least, double most) =>
        Require(value >= least && value <= most, Invariant($"{value} is not from {least} to {most}"));

    /// <summary>The one version of a format that is read.</summary>
    public void Version(int version, int read) => Require(version == read, Invariant($"has another version: it is {version}, and this program reads {read}"));

    /// <summary>A list as long as it must be.</summary>
    public void Count(int count, int wanted) => Require(count == wanted, Invariant($"has {count} elements where {wanted} are needed"));

    /// <summary>A list of finite numbers.</summary>
    public void AllFinite(IReadOnlyList<double>? values)
    {
        for (var i = 0; i < Some(values).Count; i++)
        {
            this[i].Finite(values![i]);
        }
    }

    /// <summary>Refuses null among the values of an object.</summary>
    public void AllSome<T>(IReadOnlyDictionary<string, T> members)
        where T : class
    {
        foreach (var (name, value) in members)
        {
            this[name].Some(value);
        }
    }

    /// <summary>A list of texts, none of them null.</summary>
    public void AllTexts(IReadOnlyList<string?>? texts)
    {
        for (var i = 0; i < Some(texts).Count; i++)
        {
            this[i].Some(texts![i]);
        }
    }

    /// <summary>A list of records, none of them null.</summary>
    public void All<T>(IReadOnlyList<T?>? records)
        where T : class, IRecord
    {
        for (var i = 0; i < Some(records).Count; i++)
        {
            this[i].Some(records![i]).Validate(this[i]);
        }
    }

    /// <summary>A list of records in which no two have one name, whatever the case of its letters: files are named after them.</summary>
    /// <param name="names">The names, in the order of the list.</param>
    /// <param name="member">The member that holds the name.</param>
    public void AllDifferent(IEnumerable<string> names, string member)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (i, name) in names.Index())
        {
            this[i][member].Require(
                seen.TryAdd(name, i), Invariant($"\"{name}\" is also the name of {this[seen[name]].Path}: the files of one would replace those of the other"));
        }
    }

    /// <summary>A record that may be missing.</summary>
    public void Maybe(IRecord? record) => record?.Validate(this);

    /// <summary>
    /// A text that is one component of a path: a record may come from anywhere, and must not decide what is written or read outside its own folder.
    /// </summary>
    public void PlainName(string name) => Require(IsName(name), $"\"{name}\" is not a plain name: no separators, not absolute, not \"..\"");

    /// <summary>A path inside the record's folder: plain names, with "/" between them.</summary>
    public void RelativePath(string path) =>
        Require(IsPath(path), $"\"{path}\" is not a path inside the record's folder: plain names with \"/\" between them, not absolute, without \"..\"");

    /// <summary>The same, or no text at all.</summary>
    public void RelativePathOrNone(string path)
    {
        if (path.Length > 0)
        {
            RelativePath(path);
        }
    }

    /// <summary>Whether a text is one component of a path.</summary>
    internal static bool IsName(string name) =>
        !string.IsNullOrWhiteSpace(name) && name is not ("." or "..") && name.Length <= 255 && !name.AsSpan().ContainsAny("/\\:") && !name.Any(char.IsControl);

    /// <summary>Whether a text is a path of plain names.</summary>
    internal static bool IsPath(string path) => path.Split('/').All(IsName);
}
