using System.Text;
using System.Text.Json.Nodes;

namespace Gmm.Fuzz;

/// <summary>Damages JSON by its members: null, another kind, an extreme number, gone, there twice, nested too deep; text now and then.</summary>
internal sealed class JsonMutator : IMutator
{
    private static readonly TextMutator Text = new("null", "true", "[", "]", "{", "}", ",", ":", "\"a\"", "NaN", "1e999", "// x", "\"\\ud800\"");

    public byte[] Mutate(byte[] seed, Random random)
    {
        if (random.Next(4) == 0)
        {
            return Text.Mutate(seed, random);
        }

        var root = JsonNode.Parse(seed)!;
        for (var times = 1 + (random.Next(3) * random.Next(2)); times > 0; times--)
        {
            Once(root, random);
        }

        var text = root.ToJsonString();
        return Encoding.UTF8.GetBytes(random.Next(20) == 0 ? text.Replace("\"", "\" ", StringComparison.Ordinal) : text);
    }

    private static void Once(JsonNode root, Random random)
    {
        var parents = new List<(JsonNode Parent, string? Key, int Index)>();
        Collect(root, parents);
        if (parents.Count == 0)
        {
            return;
        }

        var (parent, key, index) = parents[random.Next(parents.Count)];
        var old = key is not null ? parent[key] : parent[index];
        if (random.Next(8) == 0)
        {
            Remove(parent, key, index);
            return;
        }

        Put(parent, key, index, Value(old, random));
        if (parent is JsonArray array && random.Next(3) == 0)
        {
            for (var times = random.Next(100) == 0 ? 1 << 16 : 1 << random.Next(8); times > 0; times--)
            {
                array.Add(old?.DeepClone());
            }
        }
    }

    private static JsonNode? Value(JsonNode? old, Random random)
    {
        switch (random.Next(12))
        {
            case 0 or 1:
                return null;
            case 2:
                return new JsonObject();
            case 3:
                return new JsonArray(old?.DeepClone());
            case 4:
                return new JsonArray();
            case 5:
                return JsonValue.Create(random.Next(2) == 0);
            case 6:
                return JsonValue.Create(new string('x', 1 << random.Next(12)) + "\u001B\n");
            case 7:
                return JsonValue.Create(new[] { "NaN", "Infinity", "-Infinity", "1", "../x", "/x", "" }[random.Next(7)]);
            case 8:
                JsonNode? deep = old?.DeepClone();
                for (var depth = random.Next(100); depth > 0; depth--)
                {
                    deep = new JsonArray(deep);
                }

                return deep;
            default:
                return Number(random);
        }
    }

    private static JsonNode? Number(Random random)
    {
        try
        {
            return JsonNode.Parse(TextMutator.Number(random));
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonNode.Parse("1e400");
        }
    }

    private static void Collect(JsonNode node, List<(JsonNode Parent, string? Key, int Index)> found)
    {
        if (node is JsonObject o)
        {
            foreach (var (key, value) in o)
            {
                found.Add((o, key, 0));
                if (value is not null)
                {
                    Collect(value, found);
                }
            }
        }
        else if (node is JsonArray a)
        {
            for (var i = 0; i < a.Count; i++)
            {
                found.Add((a, null, i));
                if (a[i] is { } value)
                {
                    Collect(value, found);
                }
            }
        }
    }

    private static void Remove(JsonNode parent, string? key, int index)
    {
        if (key is not null)
        {
            parent.AsObject().Remove(key);
        }
        else
        {
            parent.AsArray().RemoveAt(index);
        }
    }

    private static void Put(JsonNode parent, string? key, int index, JsonNode? value)
    {
        if (key is not null)
        {
            parent[key] = value;
        }
        else
        {
            parent[index] = value;
        }
    }
}
