namespace Gmm.Cli;

/// <summary>What goes to standard error while a verb works.</summary>
internal enum ErrorStyle
{
    /// <summary>Messages and progress for people.</summary>
    Text,

    /// <summary>Warnings and errors alone (--quiet).</summary>
    Quiet,

    /// <summary>One JSON object a line (--json).</summary>
    Events,
}
