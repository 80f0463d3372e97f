using System.Runtime.ExceptionServices;

namespace Gmm.Core;

/// <summary>Parallel work whose bad input comes out as <see cref="InvalidInputException"/>, as it does from one thread.</summary>
internal static class Guarded
{
    /// <summary>Runs work that may be parallel inside.</summary>
    /// <exception cref="InvalidInputException">The first one thrown by any part of the work.</exception>
    /// <exception cref="OperationCanceledException">All parts of the work were stopped.</exception>
    public static void Run(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.All(i => i is OperationCanceledException))
        {
            // Loops inside loops that were all stopped.
            throw new OperationCanceledException(e.InnerExceptions[0].Message, e);
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.OfType<InvalidInputException>().FirstOrDefault() is { } input)
        {
            throw new InvalidInputException(input.Message, e);
        }
        catch (AggregateException e)
        {
            // What went wrong, as it does on one thread; often a part from outside, whose own words say most.
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }
}
