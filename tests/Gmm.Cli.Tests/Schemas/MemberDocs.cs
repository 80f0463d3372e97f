using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gmm.Cli.Tests;

/// <summary>What the XML docs beside the libraries say of members of records.</summary>
internal static partial class MemberDocs
{
    /// <summary>Units by the end of a member's name.</summary>
    private static readonly (string End, string Unit)[] s_units =
        [("_A", "angstrom"), ("_A2", "square angstrom"), ("_A3", "cubic angstrom"), ("_deg", "degrees"), ("_s", "seconds"), ("_mb", "megabytes")];

    private static readonly Lazy<Dictionary<string, XElement>> s_members = new(() => Directory.GetFiles(AppContext.BaseDirectory, "*.xml")
        .Where(f => Path.GetFileName(f).StartsWith("gmm", StringComparison.OrdinalIgnoreCase))
        .SelectMany(f => XDocument.Load(f).Descendants("member"))
        .DistinctBy(m => m.Attribute("name")!.Value)
        .ToDictionary(m => m.Attribute("name")!.Value));

    /// <summary>The summary of a type.</summary>
    public static string Of(Type type) => Text(s_members.Value.GetValueOrDefault("T:" + Name(type))?.Element("summary")) ?? type.Name;

    /// <summary>What a member is, with its unit: its own summary, or what the record's parameter of its name says.</summary>
    public static string Of(JsonPropertyInfo property)
    {
        var member = property.AttributeProvider as MemberInfo ?? throw new InvalidOperationException($"{property.Name} is no member");
        var type = Name(member.DeclaringType!);
        var text = Text(s_members.Value.GetValueOrDefault($"P:{type}.{member.Name}")?.Element("summary"))
            ?? Text(s_members.Value.GetValueOrDefault("T:" + type)?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == member.Name))
            ?? throw new InvalidOperationException($"{type}.{member.Name} has no description: give the property a summary or the record a <param>");
        var unit = s_units.FirstOrDefault(u => property.Name.EndsWith(u.End, StringComparison.Ordinal)).Unit;
        return unit is null || text.Contains(unit, StringComparison.OrdinalIgnoreCase) ? text : $"{text.TrimEnd('.')}, {unit}.";
    }

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var words = string.Concat(element.Nodes().Select(n => n switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } see =>
                ((see.Attribute("cref") ?? see.Attribute("name") ?? see.Attribute("langword"))?.Value ?? string.Empty)
                .Split('.')[^1].Split(':')[^1],
            XElement other => other.Value,
            _ => string.Empty,
        }));
        return Spaces().Replace(words, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
