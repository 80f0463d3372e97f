namespace Gmm.Cli;

/// <summary>What the process says to the shell.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Bad input, or something else went wrong.</summary>
    public const int Failure = 1;

    /// <summary>A command line that cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C or a signal.</summary>
    public const int Interrupted = 130;
}
