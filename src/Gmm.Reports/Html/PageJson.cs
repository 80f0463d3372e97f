using System.Text.Json;

namespace Gmm.Reports;

/// <summary>Numbers in the data of a page: with as many digits as a chart can show, and null where there is none.</summary>
internal static class PageJson
{
    /// <summary>Writes a list.</summary>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumberValue((float)value);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }
}
