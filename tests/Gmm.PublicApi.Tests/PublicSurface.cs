using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gmm.PublicApi.Tests;

/// <summary>Prints what an assembly shows to its users, one member a line, in an order that does not depend on the compiler.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext s_nullability = new();

    /// <summary>Prints an assembly's public types.</summary>
    public static string Print(Assembly assembly) => Print(assembly.GetExportedTypes());

    /// <summary>Prints given types.</summary>
    public static string Print(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (var type in types.OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(Header(type)).Append('\n');
            foreach (var line in Members(type))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        if (IsDelegate(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"delegate {ReturnType(invoke)} {TypeNames.Of(type)}({Parameters(invoke)})";
        }

        var words = new List<string>();
        var isRecord = IsRecord(type);
        if (type.IsEnum)
        {
            words.Add((type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] " : "") + "enum");
        }
        else if (type.IsValueType)
        {
            words.Add((type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + (isRecord ? "record struct" : "struct"));
        }
        else if (type.IsInterface)
        {
            words.Add("interface");
        }
        else
        {
            words.Add(type is { IsAbstract: true, IsSealed: true } ? "static" : type.IsAbstract ? "abstract" : type.IsSealed ? "sealed" : "open");
            words.Add(isRecord ? "record" : "class");
        }

        words.Add(TypeNames.Of(type));
        var bases = BaseTypes(type).ToArray();
        return Obsolete(type) + string.Join(' ', words) + (bases.Length > 0 ? " : " + string.Join(", ", bases) : "") + Constraints(type.GetGenericArguments());
    }

    private static IEnumerable<string> BaseTypes(Type type)
    {
        if (type.IsEnum)
        {
            var underlying = Enum.GetUnderlyingType(type);
            return underlying == typeof(int) ? [] : [TypeNames.Of(underlying)];
        }

        var parent = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? b : null;
        var inherited = type.GetInterfaces().SelectMany(i => i.GetInterfaces()).Concat(parent?.GetInterfaces() ?? []);
        var own = type.GetInterfaces().Except(inherited).Where(i => i.IsVisible);
        if (IsRecord(type))
        {
            own = own.Where(i => !(i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEquatable<>)));
        }

        return (parent is null ? [] : new[] { TypeNames.Of(parent) }).Concat(own.Select(TypeNames.Of).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .OrderBy(f => Convert.ToDecimal(f.GetRawConstantValue(), CultureInfo.InvariantCulture))
                .Select(f => $"{f.Name} = {f.GetRawConstantValue()}");
        }

        if (IsDelegate(type))
        {
            return [];
        }

        IEnumerable<string>[] groups =
        [
            type.GetFields(Declared).Where(f => IsSeen(f) && Written(f)).Select(Field),
            type.GetConstructors(Declared).Where(c => IsSeen(c) && Written(c)).Select(c => Obsolete(c) + Access(c) + $"{type.Name.Split('`')[0]}({Parameters(c)})"),
            type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsSeen)).Select(Property),
            type.GetEvents(Declared).Where(e => IsSeen(e.AddMethod!)).Select(e => $"event {TypeNames.Of(e.EventHandlerType!, e, s_nullability.Create(e))} {e.Name}"),
            type.GetMethods(Declared).Where(m => IsSeen(m) && Written(m) && (!m.IsSpecialName || IsOperator(m))).Select(Method),
        ];
        return groups.SelectMany(g => g.Order(StringComparer.Ordinal));
    }

    private static string Field(FieldInfo field)
    {
        var modifier = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue(), field.FieldType) : "";
        return $"{Obsolete(field)}{modifier}{TypeNames.Of(field.FieldType, field, s_nullability.Create(field))} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = new List<string>();
        if (property.GetMethod is { } get && IsSeen(get))
        {
            accessors.Add("get;");
        }

        if (property.SetMethod is { } set && IsSeen(set))
        {
            var isInit = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            accessors.Add((set.IsPublic ? "" : "protected ") + (isInit ? "init;" : "set;"));
        }

        var accessor = property.GetAccessors(true).First(IsSeen);
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var indices = property.GetIndexParameters();
        var name = indices.Length == 0 ? property.Name : $"this[{string.Join(", ", indices.Select(Parameter))}]";
        var reference = property.PropertyType.IsByRef ? (property.GetMethod!.ReturnParameter.IsDefined(typeof(IsReadOnlyAttribute)) ? "ref readonly " : "ref ") : "";
        return $"{Obsolete(property)}{Access(accessor)}{required}{reference}{TypeNames.Of(property.PropertyType, property, s_nullability.Create(property))} {name} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.GetGenericArguments();
        var name = method.Name + (generic.Length > 0 ? $"<{string.Join(", ", generic.Select(g => g.Name))}>" : "");
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Obsolete(method)}{Access(method)}{ReturnType(method)} {name}({extension}{Parameters(method)}){Constraints(generic)}";
    }

    private static string ReturnType(MethodInfo method)
    {
        var place = method.ReturnParameter;
        var reference = method.ReturnType.IsByRef ? (place.IsDefined(typeof(IsReadOnlyAttribute)) ? "ref readonly " : "ref ") : "";
        return reference + TypeNames.Of(method.ReturnType, place, s_nullability.Create(place));
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var how = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params "
            : !parameter.ParameterType.IsByRef ? ""
            : parameter.IsOut ? "out "
            : parameter.IsDefined(typeof(RequiresLocationAttribute)) ? "ref readonly "
            : parameter.IsIn ? "in "
            : "ref ";
        var value = parameter.HasDefaultValue ? " = " + Literal(parameter.DefaultValue, parameter.ParameterType) : "";
        return $"{how}{TypeNames.Of(parameter.ParameterType, parameter, s_nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Literal(object? value, Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => bare.IsValueType && bare == type ? "default" : "null",
            string s => "\"" + s.Replace("\n", "\\n", StringComparison.Ordinal) + "\"",
            char c => $"'{c}'",
            bool b => b ? "true" : "false",
            _ when bare.IsEnum => $"{bare.Name}.{Enum.ToObject(bare, value)}",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    private static string Constraints(Type[] parameters)
    {
        var text = new StringBuilder();
        foreach (var p in parameters.Where(p => p.IsGenericParameter))
        {
            var attributes = p.GenericParameterAttributes;
            var isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
            var list = new List<string>();
            if (isStruct)
            {
                list.Add("struct");
            }

            if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            {
                list.Add("class");
            }

            list.AddRange(p.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(TypeNames.Of).Order(StringComparer.Ordinal));
            if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
            {
                list.Add("new()");
            }

            text.Append(list.Count > 0 ? $" where {p.Name} : {string.Join(", ", list)}" : "");
        }

        return text.ToString();
    }

    private static string Access(MethodBase method)
    {
        var isInterface = method.DeclaringType!.IsInterface;
        var isOverride = method is MethodInfo { IsVirtual: true } m && m.GetBaseDefinition().DeclaringType != m.DeclaringType;
        var kind = method is ConstructorInfo ? ""
            : method.IsStatic ? (method.IsAbstract ? "static abstract " : "static ")
            : isInterface ? (method.IsAbstract ? "" : "virtual ")
            : method.IsAbstract ? "abstract "
            : isOverride ? "override "
            : method is { IsVirtual: true, IsFinal: false } ? "virtual "
            : "";
        return (method.IsPublic ? "" : "protected ") + kind;
    }

    // The compiler marks ref structs and constructors of types with required members obsolete for compilers too old for them.
    private static string Obsolete(MemberInfo member) =>
        member.IsDefined(typeof(ObsoleteAttribute)) && !member.IsDefined(typeof(CompilerFeatureRequiredAttribute)) ? "[Obsolete] " : "";

    private static bool IsOperator(MethodInfo method) => method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsDelegate(Type type) => type.IsSubclassOf(typeof(Delegate));

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", Declared) is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", Declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true);

    // What a record gets for free is part of being a record, not news.
    private static bool Written(MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && !member.Name.StartsWith('<');

    private static bool IsSeen(MethodBase m) => m.IsPublic || ((m.IsFamily || m.IsFamilyOrAssembly) && !m.DeclaringType!.IsSealed);

    private static bool IsSeen(FieldInfo f) => !f.IsSpecialName && (f.IsPublic || ((f.IsFamily || f.IsFamilyOrAssembly) && !f.DeclaringType!.IsSealed));
}
