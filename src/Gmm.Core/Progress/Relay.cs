namespace Gmm.Core;

/// <summary>Passes a report on at once, on the same thread; <see cref="Progress{T}"/> would post it elsewhere, out of order.</summary>
internal sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
