namespace Gmm.Testing;

/// <summary>
/// A text that a cell of a STAR or mmCIF table can hold: now and then an ordinary word or number, more often one that is easily taken for something
/// else (a quote inside, a word of the format, a comment's sign, blanks, nothing at all). No control characters but the tabulator.
/// </summary>
/// <param name="Text">The text, without quotes of the format around it.</param>
public readonly record struct StarCell(string Text);
