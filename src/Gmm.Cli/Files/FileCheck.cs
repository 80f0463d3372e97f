namespace Gmm.Cli;

/// <summary>A file that was looked at.</summary>
/// <param name="Facts">What it holds.</param>
/// <param name="Problems">What was found in it.</param>
internal sealed record FileCheck(FileFacts Facts, FileProblem[] Problems);
