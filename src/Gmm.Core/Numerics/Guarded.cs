using System.Runtime.ExceptionServices;

// The one place that may: what the others are sent to.
#pragma warning disable RS0030

namespace Gmm.Core;

/// <summary>
/// Parallel loops from which an exception comes out as it was thrown, the same object as from a loop on one thread: that of a caller's own source or part,
/// or bad input with its file, row and field. <see cref="Parallel"/> wraps it in an <see cref="AggregateException"/>, which a caller does not expect; it is
/// banned in the libraries (BannedParallel.txt).
/// </summary>
internal static class Guarded
{
    /// <inheritdoc cref="Parallel.For(int, int, ParallelOptions, Action{int})"/>
    public static void For(int from, int to, ParallelOptions options, Action<int> body) => Run(() => Parallel.For(from, to, options, body));

    /// <inheritdoc cref="Parallel.For(int, int, ParallelOptions, Action{int, ParallelLoopState})"/>
    public static void For(int from, int to, ParallelOptions options, Action<int, ParallelLoopState> body) => Run(() => Parallel.For(from, to, options, body));

    /// <inheritdoc cref="Parallel.For{TLocal}(int, int, ParallelOptions, Func{TLocal}, Func{int, ParallelLoopState, TLocal, TLocal}, Action{TLocal})"/>
    public static void For<T>(int from, int to, ParallelOptions options, Func<T> start, Func<int, ParallelLoopState, T, T> body, Action<T> end) =>
        Run(() => Parallel.For(from, to, options, start, body, end));

    /// <summary>Runs a body for each of many particles; of bad input the first in their order is told, whichever thread met its own first.</summary>
    /// <param name="count">Number of particles; the body is run for all of them, bad ones or not.</param>
    /// <param name="options">Threads.</param>
    /// <param name="body">What is done with the particle of a number, from 0.</param>
    /// <exception cref="InvalidInputException">What the body threw for the first bad particle.</exception>
    public static void ForEachInOrder(int count, ParallelOptions options, Action<int> body)
    {
        var gate = new Lock();
        var (first, error) = (count, (InvalidInputException?)null);
        For(0, count, options, n =>
        {
            try
            {
                body(n);
            }
            catch (InvalidInputException e)
            {
                lock (gate)
                {
                    (first, error) = n < first ? (n, e) : (first, error);
                }
            }
        });
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <inheritdoc cref="Parallel.ForEach{TSource}(IEnumerable{TSource}, ParallelOptions, Action{TSource})"/>
    public static void ForEach<T>(IEnumerable<T> source, ParallelOptions options, Action<T> body) => Run(() => Parallel.ForEach(source, options, body));

    // Of several exceptions bad input comes first, as it says most; being stopped comes last, as the others may be its cause.
    private static void Run(Action loop)
    {
        try
        {
            loop();
        }
        catch (AggregateException e)
        {
            var thrown = e.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Throw(
                thrown.OfType<InvalidInputException>().FirstOrDefault() ?? thrown.FirstOrDefault(t => t is not OperationCanceledException) ?? thrown[0]);
        }
    }
}
