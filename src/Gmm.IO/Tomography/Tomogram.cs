using System.Globalization;
using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>A tomogram: the tilts of its series, and what RELION's tables say of it.</summary>
internal sealed class Tomogram
{
    /// <summary>Largest difference from a rotation, of an element of R R^T, with which a matrix of a file is still one.</summary>
    private const double MatrixTolerance = 5e-3;

    private readonly StarTable _global;
    private readonly int _row;

    /// <summary>Takes a tomogram from its row of the global table and the table of its tilts.</summary>
    /// <exception cref="InvalidInputException">Tilts without a geometry, or a matrix that is no rotation; file, row and field are named.</exception>
    public Tomogram(StarTable global, int row, StarTable tilts)
    {
        (_global, _row, Tilts) = (global, row, tilts);
        Name = global.GetText(row, TomographyLabels.TomoName);
        Projections = [.. Enumerable.Range(0, tilts.RowCount).Select(f => Projection(tilts, f))];
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>A row for each image of the series.</summary>
    public StarTable Tilts { get; }

    /// <summary>The rotation from the tomogram to each image.</summary>
    public IReadOnlyList<Rotation> Projections { get; }

    /// <summary>Angstrom per pixel of the tilt series.</summary>
    public double PixelSize => _global.GetDouble(_row, TomographyLabels.TiltSeriesPixel);

    /// <summary>What a step along z of an image, angstrom, adds to the defocus: the hand of the series times the slope.</summary>
    public double DefocusPerDepth =>
        _global.GetDouble(_row, TomographyLabels.Hand)
        * (_global.Contains(TomographyLabels.DefocusSlope) ? _global.GetDouble(_row, TomographyLabels.DefocusSlope) : 1);

    /// <summary>Whether the global table has a column.</summary>
    public bool Has(string label) => _global.Contains(label);

    /// <summary>A text of the global table.</summary>
    public string Text(string label) => _global.GetText(_row, label);

    /// <summary>The tomogram's size along an axis, pixels of the tilt series.</summary>
    public double Size(int axis) => _global.GetDouble(_row, TomographyLabels.Size[axis]);

    /// <summary>The numbers of a text such as "[1,0,0.5,1]".</summary>
    public static double[] Numbers(StarTable table, int row, string label)
    {
        var text = table.GetText(row, label);
        var inner = text is ['[', .., ']'] ? text[1..^1] : string.Empty;
        double[] numbers = [.. inner.Split(',').Select(
            t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN)];
        return numbers.All(double.IsFinite) ? numbers : throw table.Error($"\"{text}\" is no list of numbers such as [1,0,1]", row, label);
    }

    /// <summary>The rotation of RELION's Euler angles in a row; none where the columns are not there.</summary>
    public static Rotation Angles(StarTable table, int row, string[] labels)
    {
        if (!table.Contains(labels[0]))
        {
            return Rotation.Identity;
        }

        return Rotation.FromEuler(new EulerAngles(Angle(table, row, labels[0]), Angle(table, row, labels[1]), Angle(table, row, labels[2])));
    }

    private static double Angle(StarTable table, int row, string label) => table.GetDouble(row, label) is var value && Math.Abs(value) <= CtfLimits.MostDegrees
        ? value
        : throw table.Error(Invariant($"an angle of {value} degrees cannot be"), row, label);

    /// <summary>A matrix of RELION 4 and WarpTools, or what RELION 5 makes of its angles: Rz(ZRot) Ry(YTilt) Rx(XTilt).</summary>
    private static Rotation Projection(StarTable tilts, int row)
    {
        if (tilts.Contains(TomographyLabels.Projection[0]))
        {
            var rows = TomographyLabels.Projection.Select(label => Numbers(tilts, row, label)).ToArray();
            if (rows.Any(r => r.Length < 3))
            {
                throw tilts.Error("a row of a matrix has three numbers, and the shift", row, TomographyLabels.Projection[0]);
            }

            var given = new Rotation(
                rows[0][0], rows[0][1], rows[0][2], rows[1][0], rows[1][1], rows[1][2], rows[2][0], rows[2][1], rows[2][2]);
            return IsRotation(rows) ? given.Orthonormalized()
                : throw tilts.Error("the matrix is no rotation", row, TomographyLabels.Projection[0]);
        }

        if (!tilts.Contains(TomographyLabels.YTilt) || !tilts.Contains(TomographyLabels.ZRotation))
        {
            throw new InvalidInputException(
                $"the tilts have no geometry: neither {TomographyLabels.YTilt} and {TomographyLabels.ZRotation} nor {TomographyLabels.Projection[0]}",
                tilts.Source, null, TomographyLabels.YTilt);
        }

        double Radians(string label) => Angle(tilts, row, label) * (Math.PI / 180);
        return Rotation.FromRotationVector(0, 0, Radians(TomographyLabels.ZRotation))
            * Rotation.FromRotationVector(0, Radians(TomographyLabels.YTilt), 0)
            * Rotation.FromRotationVector(tilts.Contains(TomographyLabels.XTilt) ? Radians(TomographyLabels.XTilt) : 0, 0, 0);
    }

    private static bool IsRotation(double[][] r)
    {
        double Dot(int i, int j) => (r[i][0] * r[j][0]) + (r[i][1] * r[j][1]) + (r[i][2] * r[j][2]);
        var determinant = (r[0][0] * ((r[1][1] * r[2][2]) - (r[1][2] * r[2][1]))) - (r[0][1] * ((r[1][0] * r[2][2]) - (r[1][2] * r[2][0])))
            + (r[0][2] * ((r[1][0] * r[2][1]) - (r[1][1] * r[2][0])));
        return determinant > 0 && Enumerable.Range(0, 9).All(k => Math.Abs(Dot(k / 3, k % 3) - (k / 3 == k % 3 ? 1 : 0)) < MatrixTolerance);
    }
}
