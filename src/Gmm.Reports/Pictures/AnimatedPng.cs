using System.Buffers.Binary;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>
/// Moving pictures as animated PNG (APNG, PNG third edition: acTL, fcTL and fdAT chunks), which browsers and picture viewers play, and which show their first
/// picture where they are not played.
/// </summary>
public static class AnimatedPng
{
    /// <summary>Writes charts one after the other, over and over. The file appears whole or not at all.</summary>
    /// <param name="path">The file, *.png.</param>
    /// <param name="frames">The pictures, all of one size.</param>
    /// <param name="millisecondsPerFrame">How long each is shown.</param>
    /// <param name="thereAndBack">Whether the pictures are played backwards after the last.</param>
    /// <param name="scale">Image pixels to each pixel of a chart.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="cancellationToken">Stops it; nothing is written then.</param>
    /// <exception cref="ArgumentException">No frame, frames of different size, or a time that is not 1 to 65535.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="Gmm.Core.InvalidInputException">The file exists and must not be replaced, or it cannot be written.</exception>
    /// <exception cref="PicturesUnavailableException">This machine cannot draw.</exception>
    public static void Save(
        string path, IReadOnlyList<Chart> frames, int millisecondsPerFrame = 150, bool thereAndBack = true, double scale = 1, bool overwrite = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var bytes = Encode(frames, millisecondsPerFrame, thereAndBack, scale, cancellationToken);
        AtomicOutput.Write(path, overwrite, stream => stream.Write(bytes));
    }

    /// <summary>The file's bytes.</summary>
    internal static byte[] Encode(
        IReadOnlyList<Chart> frames, int millisecondsPerFrame, bool thereAndBack, double scale, CancellationToken cancellationToken = default)
    {
        if (frames.Count == 0 || millisecondsPerFrame is < 1 or > ushort.MaxValue
            || frames.Any(f => f.Width != frames[0].Width || f.Height != frames[0].Height))
        {
            throw new ArgumentException("An animation needs pictures of one size, at least one, each shown for 1 to 65535 ms.", nameof(frames));
        }

        var pictures = frames.Select(f =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return f.ToPlainPng(scale);
        }).ToArray();
        int[] order = [.. Enumerable.Range(0, pictures.Length), .. thereAndBack ? Enumerable.Range(1, Math.Max(0, pictures.Length - 2)).Reverse() : []];
        var (width, height) = ((int)Math.Round(frames[0].Width * scale), (int)Math.Round(frames[0].Height * scale));
        using var png = new MemoryStream();
        PngChunks.WriteHeader(png, pictures[0], 96 * scale);
        Span<byte> control = stackalloc byte[26];
        BinaryPrimitives.WriteInt32BigEndian(control, order.Length);
        control[4..8].Clear();
        PngChunks.Write(png, "acTL"u8, control[..8]);
        var sequence = 0;
        for (var f = 0; f < order.Length; f++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            control.Clear();
            BinaryPrimitives.WriteInt32BigEndian(control, sequence++);
            BinaryPrimitives.WriteInt32BigEndian(control[4..], width);
            BinaryPrimitives.WriteInt32BigEndian(control[8..], height);
            BinaryPrimitives.WriteUInt16BigEndian(control[20..], (ushort)millisecondsPerFrame);
            BinaryPrimitives.WriteUInt16BigEndian(control[22..], 1000);
            PngChunks.Write(png, "fcTL"u8, control);
            var data = PngChunks.Read(pictures[order[f]], "IDAT");
            if (f == 0)
            {
                PngChunks.Write(png, "IDAT"u8, data);
                continue;
            }

            var numbered = new byte[data.Length + 4];
            BinaryPrimitives.WriteInt32BigEndian(numbered, sequence++);
            data.CopyTo(numbered, 4);
            PngChunks.Write(png, "fdAT"u8, numbered);
        }

        PngChunks.Write(png, "IEND"u8, []);
        return png.ToArray();
    }
}
