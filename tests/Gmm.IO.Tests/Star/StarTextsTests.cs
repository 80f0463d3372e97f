using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO.Tests;

public sealed class StarTextsTests
{
    private const int Rows = 20_000;

    [Fact]
    public void Columns_of_numbers_have_the_text_that_is_written()
    {
        double[] numbers = [0, -0.0, 1, -1e-9, 0.1234565, 123456789.987654321, -2.5e-7, 1e20];
        var (column, whole) = (StarColumn.FromNumbers("x", numbers), StarColumn.FromIntegers("n", [7, -1, 0, 1, 2, 3, 4, int.MinValue]));
        string[] expected =
        [
            "0.000000", "-0.000000", "1.000000", "-0.000000", numbers[4].ToString("F6", CultureInfo.InvariantCulture), "123456789.987654", "-0.000000",
            "100000000000000000000.000000",
        ];
        Assert.Equal(expected, column.Values);
        Assert.Equal(["7", "-1", "0", "1", "2", "3", "4", "-2147483648"], whole.Values);
        Assert.Throws<ArgumentOutOfRangeException>(() => column.Values[8]);
        Assert.Throws<ArgumentOutOfRangeException>(() => column.Values[-1]);

        // What is done to the numbers later is not the column's.
        numbers[0] = 5;
        Assert.Equal("0.000000", column.Values[0]);

        var table = new StarTable("a");
        Array.ForEach(expected, _ => table.AddRow("y"));
        table.SetColumn("x", column.Values);
        table.SetColumn("n", whole.Values);
        var text = new StarFile(new StarBlock("t", table)).ToText();
        for (var row = 0; row < expected.Length; row++)
        {
            Assert.Contains($"y {expected[row]} {whole.Values[row]}\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Texts_stay_what_they_were_when_a_column_is_replaced_and_follow_rows_that_are_selected()
    {
        var table = StarFile.Parse("data_\nloop_\n_a\n_b\n1 'x y'\n2 z\n3 \"\"\n").Blocks[0].Table!;
        var (a, b) = (table.Texts("a"), table.Texts("b"));
        table.SetColumn("a", new MappedList<string>(3, i => a[i] + "!"));
        table.SetColumn("a", new MappedList<string>(3, i => table.GetText(i, "b") + a[i]));
        Assert.Equal(["1", "2", "3"], a);
        Assert.Equal(["x y", "z", string.Empty], b);
        int[] wanted = [2, 0, 0];
        var some = table.Select(wanted);
        wanted[0] = 1;
        Assert.Equal(["3", "x y1", "x y1"], some.GetColumn("a"));
        Assert.Equal(["", "x y", "x y"], some.GetColumn("b"));
        TestFolder.Fails(() => table.Texts("c"), "no such column");
    }

    [Fact]
    public void Numbers_and_poses_of_many_rows_are_no_texts_in_memory()
    {
        using var folder = new TestFolder();
        var text = new StringBuilder("data_\n\nloop_\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginX\n_rlnOriginY\n_rlnAngleRotPrior\n_rlnPixelSize\n");
        for (var i = 0; i < Rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i % 180} {i % 170} 3 1 2 0 1.5\n");
        }

        File.WriteAllText(folder["p.star"], text.ToString());
        using var particles = StarParticles.Open(
            folder["p.star"], new StarParticlesOptions { RequireImages = false, RequireCtf = false, RequireBothHalves = false, ImageSize = 32 });
        Pose[] poses = [.. particles.Particles.Select((p, i) => i % 3 == 0 ? p.Pose : p.Pose.Step([0.1, 0.2, -0.1, 1, i % 7]))];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = particles.WithPoses(poses).Blocks[0].Table!;
        var score = StarColumn.FromNumbers("gmmScore", Rows, i => i / 8.0);
        table.SetColumn(score.Label, score.Values);

        // One text of a number takes 40 bytes; there are seven columns.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * Rows);
        for (var i = 0; i < Rows; i += 97)
        {
            var angles = poses[i].Rotation.ToEuler();
            double[] numbers =
            [
                angles.RotDegrees, angles.TiltDegrees, angles.PsiDegrees, -poses[i].ShiftX / 1.5, -poses[i].ShiftY / 1.5, angles.RotDegrees, i / 8.0,
            ];
            string[] labels = ["rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi", "rlnOriginX", "rlnOriginY", "rlnAngleRotPrior", "gmmScore"];
            string[] expected = i % 3 == 0
                ? [$"{i % 180}", $"{i % 170}", "3", "1", "2", "0", F6(i / 8.0)]
                : [.. numbers.Select(F6)];
            Assert.Equal(expected, labels.Select(l => table.GetText(i, l)));
        }
    }

    private static string F6(double value) => value.ToString("F6", CultureInfo.InvariantCulture).Replace("-0.000000", "0.000000", StringComparison.Ordinal);
}
