using System.Text;

namespace Gmm.Reports;

/// <summary>What every page carries: style, script and the two libraries (Resources/README.md).</summary>
internal static class PageResources
{
    private static readonly Lazy<string> s_libraries = new(MakeLibraries);

    /// <summary>The libraries' blocks, compressed.</summary>
    public static string Libraries => s_libraries.Value;

    /// <summary>A resource as text.</summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name));

    /// <summary>A resource.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(PageResources).Assembly.GetManifestResourceStream($"Gmm.Reports.Resources.{name}")
            ?? throw new InvalidOperationException($"Gmm.Reports was built without its resource {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string MakeLibraries()
    {
        var html = new HtmlWriter();
        html.AddBytes("library-plotly", Bytes("plotly-basic.min.js"));
        html.AddBytes("library-3dmol", Bytes("3Dmol-min.js"));
        return html.Data;
    }
}
