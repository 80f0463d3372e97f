using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// A STAR file as RELION (1.4 to 5), Warp, cryoDRGN and others write it: blocks in order, each a loop or pairs. Everything unknown is
/// kept, so that reading and writing leaves the text of every cell as it was.
/// </summary>
public sealed class StarFile
{
    private readonly List<StarBlock> _blocks = [];

    /// <summary>Makes a file in memory.</summary>
    /// <param name="blocks">Its blocks in order.</param>
    public StarFile(params IEnumerable<StarBlock> blocks) => _blocks.AddRange(blocks);

    /// <summary>The blocks in order.</summary>
    public IReadOnlyList<StarBlock> Blocks => _blocks;

    /// <summary>Comment lines after the last block.</summary>
    public IList<string> TrailingComments { get; } = [];

    /// <summary>All comment lines, before blocks and after the last.</summary>
    internal IEnumerable<string> Comments => _blocks.SelectMany(b => b.Comments).Concat(TrailingComments);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, smaller than 2 GB.</param>
    /// <returns>Its blocks.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or is not STAR; the message names file and line.</exception>
    public static StarFile Read(string path) => new StarParser(InputFile.ReadBytes(path), path).Parse();

    /// <summary>Reads a text.</summary>
    /// <param name="text">The content of a STAR file.</param>
    /// <param name="source">What to call it in error messages.</param>
    /// <returns>Its blocks.</returns>
    /// <exception cref="InvalidInputException">The text is not STAR.</exception>
    public static StarFile Parse(string text, string source = "text") => new StarParser(Encoding.UTF8.GetBytes(text), source).Parse();

    /// <summary>The first block of a name, or null.</summary>
    /// <param name="name">Name after data_.</param>
    /// <returns>The block, or null if there is none.</returns>
    public StarBlock? Find(string name) => _blocks.Find(b => b.Name == name);

    /// <summary>Writes the file, under a temporary name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public void Write(string path, bool overwrite = false) => AtomicOutput.Write(path, overwrite, WriteTo);

    /// <summary>The file as text.</summary>
    /// <returns>What <see cref="Write"/> writes.</returns>
    public string ToText()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>A file with one block replaced by another.</summary>
    internal StarFile With(StarBlock old, StarBlock replacement)
    {
        var file = new StarFile(_blocks.Select(b => ReferenceEquals(b, old) ? replacement : b));
        foreach (var comment in TrailingComments)
        {
            file.TrailingComments.Add(comment);
        }

        return file;
    }

    internal void Add(StarBlock block) => _blocks.Add(block);

    private void WriteTo(Stream stream)
    {
        foreach (var block in _blocks)
        {
            block.WriteTo(stream);
        }

        foreach (var comment in TrailingComments)
        {
            stream.Write(Encoding.UTF8.GetBytes(comment + "\n"));
        }
    }
}
