using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Parallel work whose bad input comes out as <see cref="InvalidInputException"/>, as it does from one thread.</summary>
internal static class Guarded
{
    /// <summary>Runs work that may be parallel inside.</summary>
    /// <exception cref="InvalidInputException">The first one thrown by any part of the work.</exception>
    public static void Run(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.OfType<InvalidInputException>().FirstOrDefault() is { } input)
        {
            throw new InvalidInputException(input.Message, e);
        }
    }
}
