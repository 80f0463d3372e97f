using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.IO.Tests;

public sealed class StarFileTests
{
    public static TheoryData<string> RealFiles()
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(TestFolder.Data("star"), "*.star"))
        {
            data.Add(Path.GetFileName(file));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(RealFiles))]
    public void A_real_file_survives_reading_and_writing(string name)
    {
        var file = StarFile.Read(TestFolder.Data("star", name));
        AssertSame(file, StarFile.Parse(file.ToText()));
    }

    [Property]
    public Property Any_cells_survive_writing_and_reading()
    {
        var cell = Gen.OneOf(ArbMap.Default.GeneratorFor<string>().Select(s => s ?? string.Empty), Generate.StarCells().Select(c => c.Text));
        var rows = (from columns in Gen.Choose(1, 5)
                    from count in Gen.Choose(0, 6)
                    from cells in cell.Where(CanBeWritten).ArrayOf(columns * count)
                    select (Columns: columns, Cells: cells)).ToArbitrary();
        return Prop.ForAll(rows, r =>
        {
            var table = new StarTable(Enumerable.Range(0, r.Columns).Select(i => $"c{i}"));
            for (var at = 0; at < r.Cells.Length; at += r.Columns)
            {
                table.AddRow(r.Cells.AsSpan(at, r.Columns));
            }

            var pairs = new StarBlock("pairs");
            for (var i = 0; i < r.Cells.Length; i++)
            {
                pairs.Set($"p{i}", r.Cells[i]);
            }

            var file = new StarFile(new StarBlock("t", table), pairs);
            var again = StarFile.Parse(file.ToText());
            AssertSame(file, again);
            Assert.Equal(r.Cells, Cells(again.Blocks[0].Table!));
        });
    }

    [Fact]
    public void A_changed_column_leaves_the_text_of_the_others()
    {
        var file = StarFile.Parse("data_x\nloop_\n_a #1\n_b #2\n_c #3\n 1.50  'two words' \"\" # comment\n\t2\tthree\t\"q\"\n");
        var table = file.Blocks[0].Table!;
        table.SetColumn("a", ["7", "8 9"]);
        table.SetColumn("d", ["new", string.Empty]);
        Assert.Contains("7 'two words' \"\" new\n\"8 9\" three \"q\" \"\"\n", file.ToText(), StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c", "d"], table.Labels);
        Assert.Equal("8 9", table.GetText(1, "a"));
        Assert.Equal(7, table.GetInteger(0, "a"));
    }

    [Fact]
    public void Quotes_tabs_comments_and_line_ends_are_understood()
    {
        var file = StarFile.Parse("\uFEFF# version 30001\r\n\r\ndata_\r\n\r\nloop_\r\n_a #1\r\n_b #2\r\n1\t'x y'\r\n\r\n# in between\r\n2 5'\r\n\r\n"
            + "data_pairs\r\n_k  v w\r\n_e \"\"\r\n_none\r\n");
        var table = file.Find(string.Empty)!.Table!;
        Assert.Equal(2, table.RowCount);
        Assert.Equal("x y", table.GetText(0, "b"));
        Assert.Equal("5'", table.GetText(1, "b"));
        Assert.Equal(8, table.LineOf(0));
        Assert.Equal(11, table.LineOf(1));
        Assert.Equal("# version 30001", file.Blocks[0].Comments[0]);
        Assert.Equal("v w", file.Find("pairs")!.GetText("k"));
        Assert.Equal(string.Empty, file.Find("pairs")!.GetText("e"));
        Assert.Equal(string.Empty, file.Find("pairs")!.GetText("none"));
    }

    [Fact]
    public void Pairs_and_loops_in_one_block_keep_their_order()
    {
        const string text = "data_x\n_a 1\nloop_\n_b\n2\n3\n_c 4\nloop_\n_d\n_e\n";
        var file = StarFile.Parse(text);
        Assert.Equal([true, false, false, false], file.Blocks.Select(b => b.HasHeader));
        Assert.Equal(2, file.Blocks[1].Table!.RowCount);
        Assert.Equal(4, file.Blocks[2].GetInteger("c"));
        Assert.Equal(0, file.Blocks[3].Table!.RowCount);
        AssertSame(file, StarFile.Parse(file.ToText()));
    }

    [Fact]
    public void Known_contents_of_real_files_are_read()
    {
        var quotes = StarFile.Read(TestFolder.Data("star", "loop_single_quote.star")).Blocks[0].Table!;
        Assert.Equal(["noquote", "quote string", " ", string.Empty, "4.0", "5.0", "6.0", string.Empty], quotes.Labels.Select(l => quotes.GetText(0, l)));
        Assert.Equal(["block_1", "block_2", "block_3"], StarFile.Read(TestFolder.Data("star", "rln3.1_data_style.star")).Blocks.Select(b => b.Name));
        var fsc = StarFile.Read(TestFolder.Data("star", "postprocess.star"));
        Assert.Equal(["general", "fsc", "guinier"], fsc.Blocks.Select(b => b.Name));
        Assert.Equal(0, StarFile.Read(TestFolder.Data("star", "empty_loop.star")).Blocks[0].Table!.RowCount);
        var poses = StarFile.Read(TestFolder.Data("star", "relion313_poses12.star")).Find("particles")!.Table!;
        Assert.Equal(12, poses.RowCount);
        Assert.Equal(["# version 30001"], StarFile.Read(TestFolder.Data("star", "relion313_poses12.star")).Find("optics")!.Comments);
    }

    [Theory]
    [InlineData("data_x\nloop_\n_a\n_b\n1 2\n3\n", "f.star, row 6: the row has 1 values, the loop of data_x 2 columns")]
    [InlineData("data_x\nloop_\n_a\n_a\n", "row 4: the label a of the loop cannot be used")]
    [InlineData("hello\n", "row 1: this is not a STAR file")]
    [InlineData("", "f.star: this is not a STAR file")]
    [InlineData("loop_\n_a\n", "row 1: loop_ stands before any data_ block")]
    [InlineData("data_x\n_a 1\n_a 2\n", "row 3: the label a is there twice")]
    [InlineData("data_x\nvalue\n", "row 2: a value has no label")]
    public void A_broken_file_is_refused_with_its_line(string text, string message) =>
        TestFolder.Fails(() => StarFile.Parse(text, "f.star"), "f.star", message);

    [Theory]
    [InlineData("x")]
    [InlineData("nan")]
    [InlineData("1,5")]
    [InlineData("\"\"")]
    public void A_number_that_is_none_is_refused_with_row_and_column(string cell)
    {
        var table = StarFile.Parse($"data_x\nloop_\n_good\n_rlnAngleRot\n1 2\n3 {cell}\n", "f.star").Blocks[0].Table!;
        Assert.Equal(2, table.GetDouble(0, "rlnAngleRot"));
        TestFolder.Fails(() => table.GetDouble(1, "rlnAngleRot"), "f.star, row 6, rlnAngleRot", "not a finite number");
        TestFolder.Fails(() => table.GetInteger(1, "rlnAngleRot"), "f.star, row 6, rlnAngleRot", "not a whole number");
        TestFolder.Fails(() => table.GetDouble(1, "rlnNone"), "f.star, row 6, rlnNone", "no such column");
    }

    [Fact]
    public void Numbers_are_read_in_the_invariant_culture_and_integers_may_have_zeros()
    {
        var table = StarFile.Parse("data_\nloop_\n_a\n_b\n-1.5e+02 2.000000\n").Blocks[0].Table!;
        Assert.Equal(-150, table.GetDouble(0, "a"));
        Assert.Equal(2, table.GetInteger(0, "b"));
        Assert.Equal("0.1", StarColumn.FromNumbers("x", [0.1], 1).Values[0]);
        Assert.Equal(string.Empty, CultureInfo.InvariantCulture.Name);
    }

    [Fact]
    public void Files_are_not_overwritten_unless_told_and_a_missing_one_is_named()
    {
        using var folder = new TestFolder();
        var file = StarFile.Parse("data_x\n_a 1\n");
        file.Write(folder["a.star"]);
        TestFolder.Fails(() => file.Write(folder["a.star"]), "a.star", "exists already");
        file.Write(folder["a.star"], overwrite: true);
        TestFolder.Fails(() => file.Write(folder["none/a.star"]), "none/a.star", "folder does not exist");
        TestFolder.Fails(() => StarFile.Read(folder["b.star"]), "b.star", "does not exist");
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    /// <summary>A bell at the end would stand before the closing quote, and so say that it is none.</summary>
    private static bool CanBeWritten(string s) => s.AsSpan().IndexOfAny("\r\n\0") < 0 && !s.Any(char.IsSurrogate) && !s.EndsWith('\a');

    private static string[] Cells(StarTable t) =>
        [.. Enumerable.Range(0, t.RowCount).SelectMany(r => t.Labels.Select(l => t.GetText(r, l)))];

    private static void AssertSame(StarFile a, StarFile b)
    {
        Assert.Equal(a.Blocks.Count, b.Blocks.Count);
        foreach (var (x, y) in a.Blocks.Zip(b.Blocks))
        {
            Assert.Equal(x.Name, y.Name);
            Assert.Equal(x.HasHeader, y.HasHeader);
            Assert.Equal(x.Comments, y.Comments);
            Assert.Equal(x.Pairs.Select(p => (p.Label, p.Value)), y.Pairs.Select(p => (p.Label, p.Value)));
            Assert.Equal(x.Table?.Labels, y.Table?.Labels);
            Assert.Equal(x.Table is null ? [] : Cells(x.Table), y.Table is null ? [] : Cells(y.Table));
        }
    }
}
