using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>A block of a STAR file: either a loop (<see cref="Table"/>) or pairs of label and value.</summary>
/// <remarks>
/// Where one data_ block of a file holds pairs and loops together, each becomes a block of its own with the same name, of which only
/// the first <see cref="HasHeader"/>.
/// </remarks>
public sealed class StarBlock
{
    /// <summary>Values stand under each other unless a label is longer than any label should be.</summary>
    private const int MaximumPadding = 80;

    private readonly List<StarPair> _pairs = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    /// <summary>What stood behind the labels in the file, so that a pair nobody changes is written as it was read.</summary>
    private readonly List<byte[]?> _texts = [];

    /// <summary>Makes a block of pairs, empty.</summary>
    /// <param name="name">Name after data_; may be empty.</param>
    public StarBlock(string name) => Name = name;

    /// <summary>Makes a block that is a loop.</summary>
    /// <param name="name">Name after data_; may be empty.</param>
    /// <param name="table">The loop.</param>
    public StarBlock(string name, StarTable table)
    {
        Name = name;
        Table = table;
    }

    /// <summary>Name after data_; may be empty.</summary>
    public string Name { get; }

    /// <summary>The loop, or null if the block is pairs.</summary>
    public StarTable? Table { get; internal set; }

    /// <summary>The pairs in order; empty for a loop.</summary>
    public IReadOnlyList<StarPair> Pairs => _pairs;

    /// <summary>Comment lines before the block, with their #, such as "# version 30001".</summary>
    public IList<string> Comments { get; } = [];

    /// <summary>Whether a data_ line starts this block; false for a second part of the same block.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The file the block is from, for error messages.</summary>
    public string? Source { get; internal set; }

    /// <summary>Whether the block has a pair with a label.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>True if it has.</returns>
    public bool Contains(string label) => _index.ContainsKey(label);

    /// <summary>The text of a pair.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>The text, without quotes.</returns>
    /// <exception cref="InvalidInputException">There is no such label.</exception>
    public string GetText(string label) => Find(label).Value;

    /// <summary>The finite number of a pair.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidInputException">There is no such label, or its text is not a finite number.</exception>
    public double GetDouble(string label)
    {
        var pair = Find(label);
        return double.TryParse(pair.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InvalidInputException($"\"{pair.Value}\" is not a finite number", Source, pair.Line > 0 ? pair.Line : null, label);
    }

    /// <summary>The whole number of a pair.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidInputException">There is no such label, or its text is not a whole number.</exception>
    public int GetInteger(string label)
    {
        var value = GetDouble(label);
        var pair = Find(label);
        return value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw new InvalidInputException($"\"{pair.Value}\" is not a whole number", Source, pair.Line > 0 ? pair.Line : null, label);
    }

    /// <summary>Sets a pair's text, in its place or at the end.</summary>
    /// <param name="label">The label, without underscore.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="InvalidOperationException">The block is a loop.</exception>
    public void Set(string label, string value)
    {
        if (Table is not null)
        {
            throw new InvalidOperationException("A loop has no pairs.");
        }

        if (_index.TryGetValue(label, out var i))
        {
            (_pairs[i], _texts[i]) = (_pairs[i] with { Value = value }, null);
        }
        else
        {
            AddPair(new StarPair(label, value), null);
        }
    }

    /// <summary>The loop, or the pairs as a loop of one row.</summary>
    internal StarTable AsTable()
    {
        if (Table is not null)
        {
            return Table;
        }

        try
        {
            var table = new StarTable([.. _pairs.Select(p => p.Label)]) { Source = Source };
            table.AddRow([.. _pairs.Select(p => p.Value)]);
            return table;
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException($"block data_{Name} cannot be read as a table: {ErrorText.Problem(e)}", Source, innerException: e);
        }
    }

    internal void AddPair(StarPair pair, byte[]? text)
    {
        _index.Add(pair.Label, _pairs.Count);
        _pairs.Add(pair);
        _texts.Add(text);
    }

    internal void WriteTo(Stream stream)
    {
        void Put(string text) => stream.Write(Encoding.UTF8.GetBytes(text));
        var text = new StringBuilder();
        foreach (var comment in Comments)
        {
            text.Append(comment).Append('\n');
        }

        if (HasHeader)
        {
            text.Append(text.Length > 0 ? "\n" : string.Empty).Append("data_").Append(Name).Append("\n\n");
        }

        Put(text.ToString());
        var width = Math.Min(MaximumPadding, _pairs.Count > 0 ? _pairs.Max(p => p.Label.Length) + 2 : 0);
        for (var i = 0; i < _pairs.Count; i++)
        {
            Put(('_' + _pairs[i].Label).PadRight(width) + ' ');
            stream.Write(_texts[i] ?? Encoding.UTF8.GetBytes(StarText.Quote(_pairs[i].Value)));
            stream.WriteByte((byte)'\n');
        }

        Put(_pairs.Count > 0 ? "\n" : string.Empty);
        Table?.WriteTo(stream);
    }

    private StarPair Find(string label) =>
        _index.TryGetValue(label, out var i) ? _pairs[i] : throw new InvalidInputException($"block data_{Name} has no such label", Source, null, label);
}
