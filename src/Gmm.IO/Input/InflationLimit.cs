using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// The content of a gzipped text, which ends in an error once it is larger than a text of its kind can be: a small archive must not fill the memory.
/// </summary>
/// <param name="inner">The unzipped content.</param>
/// <param name="limit">Bytes that it has at most.</param>
/// <param name="path">The file, for messages.</param>
internal sealed class InflationLimit(Stream inner, long limit, string path) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var n = inner.Read(buffer);
        _read += n;
        return _read <= limit
            ? n
            : throw new InvalidInputException(
                $"holds more than {limit} bytes once unzipped, more than any text of its kind: it is damaged or made to fill the memory", path);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
