namespace Gmm.Reports;

/// <summary>Pictures cannot be drawn on this machine: the native library that draws them does not load. Nothing else is wrong.</summary>
public sealed class PicturesUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public PicturesUnavailableException()
        : this("Pictures cannot be drawn on this machine.")
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">The message.</param>
    public PicturesUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and what happened.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">What happened.</param>
    public PicturesUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The exception for what happened when the native library was called for.</summary>
    internal static PicturesUnavailableException From(Exception failure)
    {
        var cause = failure;
        while (cause is TypeInitializationException or System.Reflection.TargetInvocationException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        var why = PictureText.Line(cause.Message.Split(['\n', '.'])[0]);
        return new PicturesUnavailableException($"pictures cannot be drawn on this machine, as the native library of SkiaSharp does not load ({why})", failure);
    }

    /// <summary>Whether an exception says that a native library is missing, or is none of this machine.</summary>
    internal static bool Means(Exception e) =>
        e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
        || (e is TypeInitializationException { InnerException: { } inner } && Means(inner));
}
