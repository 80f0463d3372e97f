using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gmm.PublicApi.Tests;

/// <summary>Writes types as C# does: keywords, generic arguments, tuples with their names, nullability.</summary>
internal sealed class TypeNames
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
    };

    private readonly IList<string?>? _tupleNames;
    private int _nextTupleName;

    private TypeNames(ICustomAttributeProvider? place)
    {
        var names = (TupleElementNamesAttribute?)place?.GetCustomAttributes(typeof(TupleElementNamesAttribute), false).SingleOrDefault();
        _tupleNames = names?.TransformNames;
    }

    /// <summary>A type by itself, as in a list of base types.</summary>
    public static string Of(Type type) => new TypeNames(null).Write(type, null);

    /// <summary>The type of a parameter, property, field or event, with the nullability declared there.</summary>
    public static string Of(Type type, ICustomAttributeProvider place, NullabilityInfo nullability) => new TypeNames(place).Write(type, nullability);

    private string Write(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return Write(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            // A Nullable<T> of a generic T keeps the arguments of T.
            return Write(underlying, nullability is { GenericTypeArguments.Length: 1 } ? nullability.GenericTypeArguments[0] : null) + "?";
        }

        var mark = !type.IsValueType && nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable } ? "?" : "";
        return WriteBare(type, nullability) + (type.IsValueType ? "" : mark);
    }

    private string WriteBare(Type type, NullabilityInfo? nullability)
    {
        if (s_keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return Write(type.GetElementType()!, nullability?.ElementType) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        }

        if (type.IsPointer)
        {
            return Write(type.GetElementType()!, null) + "*";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true
            ? WriteTuple(type, nullability)
            : WriteNamed(type, nullability);
    }

    private string WriteTuple(Type type, NullabilityInfo? nullability)
    {
        // Names come in the order of a walk from the outside in: all of this tuple's before those of its elements.
        var arguments = type.GetGenericArguments();
        var names = arguments.Select(_ => _tupleNames is not null && _nextTupleName < _tupleNames.Count ? _tupleNames[_nextTupleName++] : null).ToArray();
        var parts = arguments.Select((a, i) => Write(a, Argument(nullability, i, arguments.Length)) + (names[i] is { } n ? " " + n : ""));
        return "(" + string.Join(", ", parts) + ")";
    }

    private string WriteNamed(Type type, NullabilityInfo? nullability)
    {
        var arguments = type.GetGenericArguments();
        var inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var name = type.Name.Split('`')[0];
        if (type.DeclaringType is { } outer)
        {
            name = WriteNamed(outer, null) + "." + name;
        }
        else if (type.Namespace is { } space && !IsFamiliar(space))
        {
            name = space + "." + name;
        }

        var own = arguments.Skip(inherited).Select((a, i) => Write(a, Argument(nullability, i + inherited, arguments.Length))).ToArray();
        return own.Length == 0 ? name : $"{name}<{string.Join(", ", own)}>";
    }

    private static NullabilityInfo? Argument(NullabilityInfo? nullability, int index, int count) =>
        nullability is { } n && n.GenericTypeArguments.Length == count ? n.GenericTypeArguments[index] : null;

    private static bool IsFamiliar(string space) =>
        space is "System" or "Gmm" || space.StartsWith("System.", StringComparison.Ordinal) || space.StartsWith("Gmm.", StringComparison.Ordinal);
}
