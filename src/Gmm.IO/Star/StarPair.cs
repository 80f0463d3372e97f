namespace Gmm.IO;

/// <summary>A label and its value in a STAR block that is not a loop.</summary>
/// <param name="Label">The label, without its underscore.</param>
/// <param name="Value">The text, without quotes.</param>
/// <param name="Line">Line in the file (from 1), or 0 if it is not from a file.</param>
public readonly record struct StarPair(string Label, string Value, int Line = 0);
