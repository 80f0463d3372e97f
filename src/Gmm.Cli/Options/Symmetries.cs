using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Names of point groups on the command line.</summary>
internal static class Symmetries
{
    /// <summary>Reads a group.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="option">The option it was given to.</param>
    /// <returns>The group.</returns>
    /// <exception cref="InvalidInputException">The name is none; the message names the option.</exception>
    public static SymmetryGroup Read(string name, string option)
    {
        try
        {
            return SymmetryGroup.Parse(name);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(e.Message, option, innerException: e);
        }
    }
}
