using Microsoft.Extensions.Logging;

namespace Gmm.Cli;

/// <summary>What a library tells its logger, as lines on standard error; warnings are marked.</summary>
/// <param name="call">Where to write.</param>
/// <param name="least">Less than this is not shown: what the verb says in words of its own.</param>
/// <param name="before">Called before a line, to end a line of progress.</param>
internal sealed class ConsoleLogger(VerbCall call, LogLevel least = LogLevel.Information, Action? before = null) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            before?.Invoke();
            if (logLevel >= LogLevel.Warning)
            {
                call.Warn([formatter(state, exception)]);
            }
            else
            {
                call.Say(formatter(state, exception));
            }
        }
    }
}
