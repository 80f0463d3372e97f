using System.Globalization;
using System.Security;
using System.Text;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>A picture of FSC curves as SVG, which every browser shows.</summary>
internal static class FscPicture
{
    private const double Left = 62;
    private const double Top = 40;
    private const double PlotWidth = 520;
    private const double PlotHeight = 320;
    private static readonly string[] Colours = ["#b0413e", "#1b6ca8", "#4c4c4c", "#2e8b57"];

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">Line above the plot.</param>
    /// <param name="frequencies">Frequency of each shell, 1/angstrom.</param>
    /// <param name="curves">Name and correlations of each curve.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    public static void Write(string path, string title, IReadOnlyList<double> frequencies, IReadOnlyList<(string Name, IReadOnlyList<double> Fsc)> curves, bool overwrite) =>
        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(Draw(title, frequencies, curves))));

    /// <summary>The picture's text.</summary>
    internal static string Draw(string title, IReadOnlyList<double> frequencies, IReadOnlyList<(string Name, IReadOnlyList<double> Fsc)> curves)
    {
        var svg = new StringBuilder();
        void Add(FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        var limit = frequencies[^1];
        double X(double k) => Left + (PlotWidth * k / limit);
        double Y(double fsc) => Top + (PlotHeight * (1 - fsc) / 1.1);
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"620\" height=\"420\" font-family=\"sans-serif\" font-size=\"12\">");
        Add($"<rect width=\"620\" height=\"420\" fill=\"white\"/><text x=\"{Left}\" y=\"24\" font-size=\"14\">{SecurityElement.Escape(title)}</text>");
        foreach (var value in new[] { 0, 0.143, 0.5, 1 })
        {
            Add($"<line x1=\"{Left}\" x2=\"{Left + PlotWidth}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\" stroke=\"#cccccc\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{value}</text>");
        }

        for (var i = 0; i <= 5; i++)
        {
            var k = limit * i / 5;
            Add($"<line x1=\"{X(k):F1}\" x2=\"{X(k):F1}\" y1=\"{Top + PlotHeight}\" y2=\"{Top + PlotHeight + 5}\" stroke=\"black\"/>");
            Add($"<text x=\"{X(k):F1}\" y=\"{Top + PlotHeight + 19}\" text-anchor=\"middle\">{(i == 0 ? "0" : (1 / k).ToString("F1", CultureInfo.InvariantCulture))}</text>");
        }

        Add($"<text x=\"{Left + (PlotWidth / 2)}\" y=\"{Top + PlotHeight + 40}\" text-anchor=\"middle\">resolution (angstrom)</text>");
        Add($"<rect x=\"{Left}\" y=\"{Top}\" width=\"{PlotWidth}\" height=\"{PlotHeight}\" fill=\"none\" stroke=\"black\"/>");
        for (var c = 0; c < curves.Count; c++)
        {
            var colour = Colours[c % Colours.Length];
            var points = string.Join(' ', frequencies.Select((k, i) => (k, f: curves[c].Fsc[i])).Where(p => double.IsFinite(p.f))
                .Select(p => Texts.Line($"{X(p.k):F1},{Y(Math.Clamp(p.f, -0.1, 1)):F1}")));
            Add($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            var y = Top + 18 + (18 * c);
            Add($"<line x1=\"{Left + PlotWidth - 180}\" x2=\"{Left + PlotWidth - 155}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            Add($"<text x=\"{Left + PlotWidth - 148}\" y=\"{y + 4}\">{SecurityElement.Escape(curves[c].Name)}</text>");
        }

        svg.AppendLine("</svg>");
        return svg.ToString();
    }
}
