using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Reads pickles of Python (protocols 2 to 5) that hold arrays of NumPy, numbers, texts, and tuples, lists and dictionaries of them: what cryoDRGN keeps
/// poses and selections in. Nothing is imported or run: the few functions that rebuild an array are known by name, any other is refused.
/// </summary>
/// <remarks>Opcodes as in CPython's pickletools. Memory is bound by the file: texts and data are slices of it, and an opcode makes one object.</remarks>
internal sealed class PickleReader
{
    private readonly byte[] _bytes;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;

    private PickleReader(byte[] bytes) => _bytes = bytes;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A number, text, bytes, null, bool, <see cref="PickledArray"/>, or a list of such (a tuple too).</returns>
    /// <exception cref="InvalidInputException">It is no pickle, or one that holds or runs anything else; the message names the file.</exception>
    public static object? Read(string path)
    {
        try
        {
            return new PickleReader(InputFile.ReadBytes(path)).Run();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidInputException($"is no pickle of numbers that can be read: {ErrorText.Problem(e)}", path, innerException: e);
        }
    }

    private object? Run()
    {
        while (true)
        {
            var code = Take(1)[0];
            switch ((char)code)
            {
                case '.':
                    return Pop();
                case '\x80':
                    Take(1);
                    break;
                case '\x95':
                    Take(8);
                    break;
                case '(':
                    _marks.Add(_stack.Count);
                    break;
                case 'b':
                    Build();
                    break;
                case 'R':
                    Reduce();
                    break;
                default:
                    if (!Number(code) && !Text(code) && !Collect(code) && !Remember(code))
                    {
                        throw new FormatException(Invariant($"its opcode {code} at byte {_position} is not known"));
                    }

                    break;
            }
        }
    }

    private bool Number(byte code)
    {
        object? value = (char)code switch
        {
            'K' => (long)Take(1)[0],
            'M' => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
            'J' => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
            '\x8a' => Long(),
            'G' => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
            '\x88' => true,
            '\x89' => false,
            'N' => null,
            _ => this,
        };
        if (ReferenceEquals(value, this))
        {
            return false;
        }

        _stack.Add(value);
        return true;
    }

    private long Long()
    {
        var bytes = Take(Take(1)[0]);
        long value = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = bytes.Length > 8 ? throw new FormatException("a number has more than 64 bits")
                : i == bytes.Length - 1 ? (sbyte)bytes[i] : (value << 8) | bytes[i];
        }

        return value;
    }

    private bool Text(byte code)
    {
        switch ((char)code)
        {
            case '\x8c':
                _stack.Add(Encoding.UTF8.GetString(Take(Take(1)[0])));
                return true;
            case 'X':
                _stack.Add(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
                return true;
            case 'U':
                _stack.Add(Slice(Take(1)[0]));
                return true;
            case 'C':
                _stack.Add(Slice(Take(1)[0]));
                return true;
            case 'T':
            case 'B':
                _stack.Add(Slice(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                return true;
            case '\x8e':
            case '\x96':
                _stack.Add(Slice(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))));
                return true;
            case 'c':
                _stack.Add(new Name(Line(), Line()));
                return true;
            case '\x93':
                var (name, module) = (Pop(), Pop());
                _stack.Add(new Name(As<string>(module), As<string>(name)));
                return true;
            default:
                return false;
        }
    }

    private bool Collect(byte code)
    {
        switch ((char)code)
        {
            case ')':
            case ']':
            case '}':
                _stack.Add(new List<object?>());
                return true;
            case 't':
            case 'l':
                _stack.Add(Marked());
                return true;
            case 'a':
                var last = Pop();
                As<List<object?>>(_stack[^1]).Add(last);
                return true;
            case 'e':
            case 'u':
                var more = Marked();
                As<List<object?>>(_stack[^1]).AddRange(more);
                return true;
            case '\x85':
            case '\x86':
            case '\x87':
                var count = code - 0x84;
                var tuple = _stack.GetRange(_stack.Count - count, count);
                _stack.RemoveRange(_stack.Count - count, count);
                _stack.Add(tuple);
                return true;
            default:
                return false;
        }
    }

    private bool Remember(byte code)
    {
        switch ((char)code)
        {
            case '\x94':
                _memo[_memo.Count] = _stack[^1];
                return true;
            case 'q':
                _memo[Take(1)[0]] = _stack[^1];
                return true;
            case 'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = _stack[^1];
                return true;
            case 'h':
                _stack.Add(Known(Take(1)[0]));
                return true;
            case 'j':
                _stack.Add(Known(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                return true;
            default:
                return false;
        }
    }

    private object? Known(long key) => _memo.TryGetValue(key, out var value)
        ? value
        : throw new FormatException("it speaks of an object that it does not have");

    /// <summary>Calls a function: one of those that make arrays.</summary>
    private void Reduce()
    {
        var (arguments, function) = (As<List<object?>>(Pop()), As<Name>(Pop()));
        var module = function.Module.Replace("numpy.core", "numpy._core", StringComparison.Ordinal);
        _stack.Add((module, function.Value) switch
        {
            ("numpy._core.multiarray", "_reconstruct") => new PickledArray(),
            ("numpy", "dtype") => new DataType(As<string>(arguments[0])),
            ("_codecs", "encode") when arguments is [string text, "latin1" or "latin-1"] => (ReadOnlyMemory<byte>)Encoding.Latin1.GetBytes(text),
            ("numpy._core.numeric", "_frombuffer") => Array(
                arguments[2], arguments[1], As<ReadOnlyMemory<byte>>(arguments[0]), As<string>(arguments[3]) != "C"),
            _ => throw new FormatException($"it wants {function.Module}.{function.Value}, which is not run"),
        });
    }

    /// <summary>Gives an object its state.</summary>
    private void Build()
    {
        var state = As<List<object?>>(Pop());
        switch (_stack[^1])
        {
            case DataType type:
                type.Order = As<string>(state[1]) is ("<" or ">" or "|" or "=") and var order ? order : throw new FormatException("a type has no byte order");
                break;
            case PickledArray array:
                Fill(array, state[1], state[2], As<ReadOnlyMemory<byte>>(state[4]), As<bool>(state[3]));
                break;
            default:
                throw new FormatException("it sets something else than an array");
        }
    }

    private static PickledArray Array(object? shape, object? type, ReadOnlyMemory<byte> data, bool isFortran)
    {
        var array = new PickledArray();
        Fill(array, shape, type, data, isFortran);
        return array;
    }

    private static void Fill(PickledArray array, object? shape, object? type, ReadOnlyMemory<byte> data, bool isFortran)
    {
        int[] axes = [.. As<List<object?>>(shape).Select(a => checked((int)As<long>(a)))];
        if (isFortran && axes.Count(a => a != 1) > 1)
        {
            throw new FormatException("an array has its first axis fastest, which is not read");
        }

        array.Set(axes, As<DataType>(type).Full, data);
    }

    private List<object?> Marked()
    {
        var mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        var items = _stack.GetRange(mark, _stack.Count - mark);
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private object? Pop()
    {
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private string Line()
    {
        var length = _bytes.AsSpan(_position).IndexOf((byte)'\n');
        var text = length < 0 ? throw new FormatException("a name does not end") : Encoding.ASCII.GetString(_bytes, _position, length);
        _position += length + 1;
        return text;
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _position))
        {
            throw new FormatException("it ends too early");
        }

        _position += (int)count;
        return _bytes.AsSpan(_position - (int)count, (int)count);
    }

    private ReadOnlyMemory<byte> Slice(ulong count)
    {
        Take(count);
        return _bytes.AsMemory(_position - (int)count, (int)count);
    }

    private static T As<T>(object? value) => value is T t ? t : throw new FormatException("an object is of another kind than it must be");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A function or class by its name; nothing else is known of it.</summary>
    private sealed record Name(string Module, string Value);

    /// <summary>A type of elements, whose byte order comes later.</summary>
    private sealed class DataType(string name)
    {
        public string Order { get; set; } = "<";

        public string Full => (Order == "=" ? "<" : Order) + name;
    }
}
