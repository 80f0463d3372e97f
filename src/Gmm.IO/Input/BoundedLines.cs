using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>The lines of a text, one after the other, in little memory: a file without line breaks does not become one line as long as itself.</summary>
/// <param name="stream">The text.</param>
/// <param name="path">The file, for messages.</param>
internal sealed class BoundedLines(Stream stream, string path)
{
    /// <summary>No line of a text of columns is near this.</summary>
    private const int Longest = 1 << 16;

    private readonly byte[] _buffer = new byte[Longest];
    private int _start;
    private int _end;
    private bool _afterReturn;

    /// <summary>Number of the line last read, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next line without its end (line feed, carriage return or both), a character for each byte; null at the end.</summary>
    /// <exception cref="InvalidInputException">It is too long for any text of columns.</exception>
    public string? Next()
    {
        var scanned = 0;
        while (true)
        {
            if (_afterReturn && _start < _end)
            {
                _start += _buffer[_start] == (byte)'\n' ? 1 : 0;
                _afterReturn = false;
            }

            var found = _buffer.AsSpan(_start, _end - _start)[scanned..].IndexOfAny((byte)'\n', (byte)'\r');
            if (found >= 0)
            {
                return Take(scanned + found, ended: true);
            }

            scanned = _end - _start;
            if (!Fill())
            {
                return scanned > 0 ? Take(scanned, ended: false) : null;
            }
        }
    }

    private string Take(int length, bool ended)
    {
        var text = Encoding.Latin1.GetString(_buffer, _start, length);
        _start += length;
        if (ended)
        {
            _afterReturn = _buffer[_start] == (byte)'\r';
            _start++;
        }

        Line++;
        return text;
    }

    /// <summary>Reads more of the text behind what is not taken yet; false at its end.</summary>
    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            throw new InvalidInputException(
                $"has more than {Longest} characters, more than any line of such a file: it is damaged, or of another kind", path, Line + 1);
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
