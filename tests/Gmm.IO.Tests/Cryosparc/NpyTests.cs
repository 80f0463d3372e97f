using System.Buffers.Binary;
using System.Text;
using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Structured arrays of NumPy: all versions, both byte orders, and what is wrong with a file told by file, row and field.</summary>
public sealed class NpyTests : IDisposable
{
    private const string Good = "{'descr': [('uid', '<u8'), ('x', '>f4', (2,)), ('name', '|S3'), ('w', '<U2')], 'fortran_order': False, 'shape': (1,), }";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_is_read_and_written_bit_for_bit(int version)
    {
        var table = NpyTable.Read(Write(Good, Row(), version));
        Assert.Equal(ulong.MaxValue - 5, table.Integer(0, table.Numbers("uid")));
        Assert.Equal(-2.5, table.Number(0, table.Numbers("x", 2), 1));
        Assert.Equal("ab", table.Text(0, table.Texts("name")));
        Assert.Equal("\u00e9", table.Text(0, table.Texts("w")));
        table.Write(_folder["q.npy"], false);
        var again = NpyTable.Read(_folder["q.npy"]);
        Assert.Equal(table.Fields.Select(f => f.Describe()), again.Fields.Select(f => f.Describe()));
        Assert.All(table.Fields, f => Assert.True(table.Bytes(0, f).SequenceEqual(again.Bytes(0, f))));
        table.Set(0, table.Numbers("x", 2), 0, 1.25);
        Assert.Equal(1.25, table.Number(0, table.Numbers("x", 2)));
    }

    [Fact]
    public void Many_fields_need_the_second_version()
    {
        var fields = Enumerable.Range(0, 3000).Select(i => ($"a_rather_long_name_of_field_{i}", "<f4", Array.Empty<int>()));
        var table = NpyTable.Make(fields, 1, "made");
        table.Set(0, table.Fields[2999], 0, 7);
        table.Write(_folder["q.npy"], false);
        Assert.Equal(2, File.ReadAllBytes(_folder["q.npy"])[6]);
        var again = NpyTable.Read(_folder["q.npy"]);
        Assert.Equal(7, again.Number(0, again.Fields[2999]));
    }

    [Theory]
    [InlineData("shape': (1,)", "shape': (2,)", "truncated")]
    [InlineData("shape': (1,)", "shape': (99999999999,)", "shape")]
    [InlineData("shape': (1,)", "shape': (1, 1)", "shape")]
    [InlineData("'<u8'", "'|O'", "uid")]
    [InlineData("'<u8'", "'<u3'", "uid")]
    [InlineData("'<u8'", "'<['", "uid")]
    [InlineData("(2,)", "(2147483647, 2147483647)", "x")]
    [InlineData("(2,)", "(0,)", "x")]
    [InlineData("'x'", "'uid'", "twice")]
    [InlineData("False", "True", "fortran_order")]
    [InlineData("'descr': [", "'descr': [[[[[[[[[[[[[[[[[[[[", "header")]
    [InlineData("'fortran_order'", "'descr': 1, 'fortran_order'", "twice")]
    [InlineData(", }", ", ", "header")]
    public void What_is_wrong_with_a_header_is_said(string old, string wrong, string mention) =>
        TestFolder.Fails(() => NpyTable.Read(Write(Good.Replace(old, wrong, StringComparison.Ordinal), Row(), 1)), "p.npy", mention);

    [Fact]
    public void Rows_without_bytes_are_no_table() => TestFolder.Fails(
        () => NpyTable.Read(Write("{'descr': [('a', '|S0')], 'fortran_order': False, 'shape': (2000000000,), }", [], 1)), "p.npy", "no bytes");

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(Write(Good, Row(), 1));
        for (var n = 1; n < whole.Length; n += 7)
        {
            File.WriteAllBytes(_folder["cut.npy"], whole[..n]);
            TestFolder.Fails(() => NpyTable.Read(_folder["cut.npy"]), "cut.npy");
        }
    }

    [Fact]
    public void A_number_that_is_none_is_named()
    {
        var row = Row();
        BinaryPrimitives.WriteSingleBigEndian(row.AsSpan(12), float.NaN);
        var table = NpyTable.Read(Write(Good, row, 1));
        var e = TestFolder.Fails(() => table.Number(0, table.Numbers("x", 2), 1), "p.npy", "NaN");
        Assert.Equal((1, "x"), (e.Row, e.Field));
        Assert.Equal("x", TestFolder.Fails(() => table.Numbers("x", 3)).Field);
        Assert.Equal("name", TestFolder.Fails(() => table.Numbers("name")).Field);
        Assert.Equal("uid", TestFolder.Fails(() => table.Texts("uid")).Field);
    }

    private static byte[] Row()
    {
        var row = new byte[27];
        BinaryPrimitives.WriteUInt64LittleEndian(row, ulong.MaxValue - 5);
        BinaryPrimitives.WriteSingleBigEndian(row.AsSpan(8), 1.5f);
        BinaryPrimitives.WriteSingleBigEndian(row.AsSpan(12), -2.5f);
        "ab"u8.CopyTo(row.AsSpan(16));
        row[19] = 0xe9;
        return row;
    }

    private string Write(string header, byte[] rows, int version)
    {
        var text = Encoding.ASCII.GetBytes(header + "\n");
        var path = _folder["p.npy"];
        using var file = File.Create(path);
        file.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0]);
        file.Write(version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length));
        file.Write(text);
        file.Write(rows);
        return path;
    }
}
