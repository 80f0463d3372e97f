using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>The columns of a row that say what its optics do beyond the CTF: of data_optics, or of the particles in files of RELION 3.0.</summary>
/// <param name="TiltX">Beam tilt, milliradian.</param>
/// <param name="TiltY">Beam tilt, milliradian.</param>
/// <param name="Odd">Odd Zernike coefficients as they are written; empty is none.</param>
/// <param name="Even">Even ones.</param>
/// <param name="Magnification">The matrix.</param>
internal readonly record struct AberrationTerms(double TiltX, double TiltY, string Odd, string Even, Magnification Magnification)
{
    /// <summary>Nothing.</summary>
    public static AberrationTerms None { get; } = new(0, 0, string.Empty, string.Empty, Magnification.None);

    /// <summary>The columns of the magnification's elements.</summary>
    public static IReadOnlyList<(string Label, Func<Magnification, double> Element)> MatrixColumns { get; } =
    [
        (Labels.Magnification00, m => m.M00), (Labels.Magnification01, m => m.M01), (Labels.Magnification10, m => m.M10), (Labels.Magnification11, m => m.M11),
    ];

    private static readonly string[] s_matrix = [.. MatrixColumns.Select(c => c.Label)];

    /// <summary>All of the columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = [Labels.BeamTiltX, Labels.BeamTiltY, Labels.OddZernike, Labels.EvenZernike, .. s_matrix];

    /// <summary>Whether a table has any of the columns.</summary>
    public static bool AreIn(StarTable table) => Columns.Any(table.Contains);

    /// <summary>Reads a row's terms.</summary>
    /// <exception cref="InvalidInputException">
    /// A number that is none, coefficients of no whole orders, half a tilt or a matrix in part, one far from the identity.
    /// </exception>
    public static AberrationTerms Read(StarTable table, int row)
    {
        double Number(string label) => table.Contains(label) ? table.GetDouble(row, label) : 0;
        string Text(string label, bool isOdd)
        {
            var text = table.Contains(label) ? table.GetText(row, label) : string.Empty;
            var (values, problem) = Coefficients(text, isOdd);
            return problem is not null ? throw table.Error(problem, row, label) : values.Any(v => v != 0) ? text : string.Empty;
        }

        if (table.Contains(Labels.BeamTiltX) != table.Contains(Labels.BeamTiltY))
        {
            var (there, missing) = table.Contains(Labels.BeamTiltX) ? (Labels.BeamTiltX, Labels.BeamTiltY) : (Labels.BeamTiltY, Labels.BeamTiltX);
            throw table.Error($"the column is missing, though {there} is there; a beam tilt has two", row, missing);
        }

        var terms = new AberrationTerms(
            Number(Labels.BeamTiltX), Number(Labels.BeamTiltY), Text(Labels.OddZernike, true), Text(Labels.EvenZernike, false), Matrix(table, row));
        foreach (var (label, value) in new[] { (Labels.BeamTiltX, terms.TiltX), (Labels.BeamTiltY, terms.TiltY) })
        {
            // Half a radian: no beam gets through the lens. NaN is caught where numbers are read.
            if (!(Math.Abs(value) <= 500))
            {
                throw table.Error(FormattableString.Invariant($"a beam tilt of {value} mrad cannot be"), row, label);
            }
        }

        return terms;
    }

    /// <summary>The terms that a file will hold, with six decimals; what is beam tilt in the odd ones is written as such.</summary>
    /// <param name="aberrations">The aberrations; null is none.</param>
    /// <param name="ctf">Voltage and spherical aberration.</param>
    public static AberrationTerms Of(Aberrations? aberrations, CtfParameters ctf)
    {
        if (aberrations is null)
        {
            return None;
        }

        double[] odd = [.. aberrations.Odd];
        double x = 0, y = 0;
        int ix = Zernike.OddIndex(3, 1), iy = Zernike.OddIndex(3, -1);
        var unit = Aberrations.BeamTilt(1, 0, ctf.SphericalAberrationMillimetre, ctf.WavelengthAngstrom)[ix];
        if (odd.Length > ix && unit != 0)
        {
            (x, y) = (Math.Round(odd[ix] / unit, 6), Math.Round(odd[iy] / unit, 6));
            odd = Aberrations.WithBeamTilt(odd, -x, -y, ctf.SphericalAberrationMillimetre, ctf.WavelengthAngstrom);
            (odd[ix], odd[iy]) = (0, 0);
        }

        static string Rounds(IEnumerable<double> values) =>
            values.Any(v => Math.Round(v, 6) != 0) ? $"[{string.Join(',', values.Select(PoseText.Text))}]" : string.Empty;
        double Rounded(double value) => Math.Round(value, 6);
        var m = aberrations.Magnification;
        return new AberrationTerms(
            x, y, Rounds(odd), Rounds(aberrations.Even), new Magnification(Rounded(m.M00), Rounded(m.M01), Rounded(m.M10), Rounded(m.M11)));
    }

    /// <summary>The aberrations, for a group's microscope; null if there are none.</summary>
    /// <param name="ctf">Voltage and spherical aberration.</param>
    public Aberrations? ToAberrations(CtfParameters ctf)
    {
        double[] odd = [.. Coefficients(Odd, true).Values], even = [.. Coefficients(Even, false).Values];
        if (TiltX != 0 || TiltY != 0)
        {
            odd = Aberrations.WithBeamTilt(odd, TiltX, TiltY, ctf.SphericalAberrationMillimetre, ctf.WavelengthAngstrom);
        }

        var all = new Aberrations(odd, even, Magnification);
        return all.IsNone ? null : all;
    }

    /// <summary>Coefficients as RELION writes them, with all digits.</summary>
    public static string List(IEnumerable<double> values) => $"[{string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]";

    private static Magnification Matrix(StarTable table, int row)
    {
        var there = s_matrix.Where(table.Contains).ToArray();
        if (there.Length == 0)
        {
            return Magnification.None;
        }

        if (there.Length < s_matrix.Length)
        {
            throw table.Error(
                $"the column is missing, though {there[0]} is there; a magnification matrix has four", row, s_matrix.First(l => !table.Contains(l)));
        }

        var m = s_matrix.Select(l => table.GetDouble(row, l)).ToArray();
        var matrix = new Magnification(m[0], m[1], m[2], m[3]);
        return Aberrations.MatrixProblem(matrix) is { } problem ? throw table.Error(problem, row, Labels.Magnification00) : matrix;
    }

    /// <summary>"[1,0,-2.5]": the numbers, or why they are none.</summary>
    private static (IReadOnlyList<double> Values, string? Problem) Coefficients(string text, bool isOdd)
    {
        var inside = text.Trim();
        if (inside.StartsWith('[') && inside.EndsWith(']'))
        {
            inside = inside[1..^1];
        }

        if (string.IsNullOrWhiteSpace(inside))
        {
            return ([], null);
        }

        var values = new List<double>();
        foreach (var part in inside.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                return ([], $"\"{text}\" is no list of coefficients; [0,0,1.5,0,0,-2] is one");
            }

            if (!(Math.Abs(value) <= 1e9))
            {
                return ([], $"{part.Trim()} is no coefficient that can be, in radians");
            }

            values.Add(value);
        }

        return (values, Aberrations.CountProblem(values.Count, isOdd));
    }
}
