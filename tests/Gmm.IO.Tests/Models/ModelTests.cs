using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Testing;

namespace Gmm.IO.Tests;

public sealed class ModelTests
{
    private const string Pdb = """
        MODEL        1
        ATOM      1  N   MET A   1      11.104   6.134  -6.504  1.00 10.50           N
        ATOM      2  CA AMET A   1      11.639   6.071  -5.147  0.40 11.00           C
        ATOM      3  CA BMET A   1      12.639   7.071  -4.147  0.60 12.00           C
        ATOM      4 HD11 LEU A   2       1.000   2.000   3.000  1.00  9.00
        HETATM    5 CA    CA A 101       4.000   5.000   6.000  1.00  9.00
        HETATM    6  O   HOH AA000       7.000   8.000   9.000  0.50 30.00           O
        HETATM    7  D   DOD A 999       7.000   8.000   9.000  0.50 30.00           D
        ENDMDL
        MODEL        2
        ATOM      1  N   MET A   1       1.104   6.134  -6.504  1.00 10.50           N
        ENDMDL
        END
        """;

    private const string Cif = """
        data_X
        _entry.id 'a loop_ in quotes'
        _struct.title
        ;a text field
        loop_
        _atom_site.Cartn_x
        ;
        loop_
        _other.a
        _other.b
        'x y' "it's"
        loop_
        _atom_site.pdbx_PDB_model_num
        _atom_site.Cartn_z
        _atom_site.Cartn_y
        _atom_site.Cartn_x
        _atom_site.label_atom_id
        _atom_site.type_symbol
        _atom_site.label_alt_id
        _atom_site.label_comp_id
        _atom_site.label_asym_id
        _atom_site.auth_asym_id
        _atom_site.label_seq_id
        _atom_site.auth_seq_id
        _atom_site.occupancy
        _atom_site.B_iso_or_equiv
        1 3.5 2.5 1.5 "O5'" O . A AA B . -7 1.00 20.5 # comment
        1 3 2 1(2) CA C B ALA AA B 2 8 0.5 ? 
        1 6 5 4 CA C A ALA AA B 2 8
        0.5 11
        1 0 0 0 H1 H ? ALA AA B 2 8 1 11
        2 0 0 0 H1 H ? ALA AA B 2 8 1 11
        #
        """;

    [Fact]
    public void A_pdb_file_is_read_with_its_first_model_and_one_location_of_each_atom()
    {
        using var folder = new TestFolder();
        var m = AtomicModelFile.Read(folder.Text("a.pdb", Pdb));
        Assert.Equal(6, m.Count);
        Assert.Equal(["N", "CA", "HD11", "CA", "O", "D"], m.AtomNames);
        Assert.Equal([7, 6, 1, 20, 8, 1], m.AtomicNumbers.ToArray());
        Assert.Equal([11.104, 12.639, 1, 4, 7, 7], m.X.ToArray());
        Assert.Equal((7.071, -4.147, 12f, 0.6f), (m.Y[1], m.Z[1], m.BFactors[1], m.Occupancies[1]));
        Assert.Equal([1, 1, 2, 101, 10000, 999], m.ResidueNumbers.ToArray());
        Assert.Equal([false, false, true, false, false, true], Enumerable.Range(0, 6).Select(m.IsHydrogen));
        Assert.Equal(("A", "MET"), (m.Chains[0], m.ResidueNames[0]));
        using (var gz = new GZipStream(File.Create(folder["a.ent.gz"]), CompressionLevel.Fastest))
        {
            gz.Write(File.ReadAllBytes(folder["a.pdb"]));
        }

        Assert.Equal(m.Z.ToArray(), AtomicModelFile.Read(folder["a.ent.gz"]).Z.ToArray());
    }

    [Fact]
    public void An_mmcif_file_is_read_whatever_its_order_and_quotes()
    {
        using var folder = new TestFolder();
        var m = AtomicModelFile.Read(folder.Text("a.cif", Cif));
        Assert.Equal(["O5'", "CA", "H1"], m.AtomNames);
        Assert.Equal([1.5, 4, 0], m.X.ToArray());
        Assert.Equal([3.5, 6, 0], m.Z.ToArray());
        Assert.Equal([-7, 8, 8], m.ResidueNumbers.ToArray());
        Assert.Equal("B", m.Chains[0]);
        Assert.Equal((20.5f, 0.5f), (m.BFactors[0], m.Occupancies[1]));
        Assert.True(m.IsHydrogen(2));
    }

    [Fact]
    public void A_part_of_5A1A_has_the_atoms_that_gemmi_reads()
    {
        foreach (var name in new[] { "5a1a_part.pdb", "5a1a_part_gemmi.cif" })
        {
            var m = AtomicModelFile.Read(TestFolder.Data("models", name));
            Assert.Equal(82, m.Count);
            Assert.Equal(8142.106, m.X.ToArray().Sum(), 6);
            Assert.Equal(11583.288, m.Y.ToArray().Sum(), 6);
            Assert.Equal(7339.746, m.Z.ToArray().Sum(), 6);
            Assert.Equal(599, m.AtomicNumbers.ToArray().Sum(n => n));
            Assert.Equal(2042.12, m.BFactors.ToArray().Sum(b => (double)b), 3);
        }
    }

    [Fact]
    public void Bad_models_are_refused_with_row_and_field()
    {
        using var folder = new TestFolder();
        TestFolder.Fails(
            () => AtomicModelFile.Read(folder.Text("b.pdb", Pdb.Replace("7.071", "7.0x1", StringComparison.Ordinal))), "b.pdb, row 4, y: \"7.0x1\"");
        TestFolder.Fails(() => AtomicModelFile.Read(folder.Text("b.pdb", "ATOM      1  N   MET A   1      11.104\n")), "b.pdb, row 1, x, y, z");
        TestFolder.Fails(() => AtomicModelFile.Read(folder.Text("b.pdb", "END\n")), "b.pdb", "no atoms");
        TestFolder.Fails(
            () => AtomicModelFile.Read(folder.Text("b.cif", Cif.Replace("1 6 5 4", "1 6 5 four", StringComparison.Ordinal))),
            "b.cif, row 29, _atom_site.Cartn_x", "four");
        TestFolder.Fails(
            () => AtomicModelFile.Read(folder.Text("b.cif", Cif.Replace("_atom_site.Cartn_x\n_", "_atom_site.Fract_x\n_", StringComparison.Ordinal))),
            "b.cif, _atom_site.Cartn_x", "missing");
        TestFolder.Fails(
            () => AtomicModelFile.Read(folder.Text("b.cif", Cif.Replace("8 1 11\n#", "8 1\n#", StringComparison.Ordinal))),
            "b.cif, row 32, _atom_site", "13 values");
        TestFolder.Fails(() => AtomicModelFile.Read(folder.Text("b.xyz", "1")), "b.xyz", "ending");
        TestFolder.Fails(() => AtomicModelFile.Read(folder["none.pdb"]), "none.pdb", "does not exist");
    }

    [Fact]
    public void A_written_mmcif_has_the_same_atoms_with_the_new_b_factors()
    {
        using var folder = new TestFolder();
        foreach (var source in new[] { folder.Text("a.pdb", Pdb), folder.Text("a.cif", Cif), TestFolder.Data("models", "5a1a_part.pdb") })
        {
            var m = AtomicModelFile.Read(source);
            var scores = Enumerable.Range(0, m.Count).Select(i => i == 1 ? float.NaN : i / 8f).ToArray();
            AtomicModelFile.WriteCif(folder["out.cif"], m.WithBFactors(scores), overwrite: true);
            var again = AtomicModelFile.Read(folder["out.cif"]);
            Assert.Equal(m.X.ToArray(), again.X.ToArray());
            Assert.Equal(m.Y.ToArray(), again.Y.ToArray());
            Assert.Equal(m.Z.ToArray(), again.Z.ToArray());
            Assert.Equal(m.AtomNames, again.AtomNames);
            Assert.Equal(m.ResidueNames, again.ResidueNames);
            Assert.Equal(m.Chains, again.Chains);
            Assert.Equal(m.InsertionCodes, again.InsertionCodes);
            Assert.Equal(m.ResidueNumbers.ToArray(), again.ResidueNumbers.ToArray());
            Assert.Equal(m.AtomicNumbers.ToArray(), again.AtomicNumbers.ToArray());
            Assert.Equal(m.Occupancies.ToArray(), again.Occupancies.ToArray());
            Assert.Equal(Enumerable.Range(0, m.Count).Select(m.IsHetero), Enumerable.Range(0, m.Count).Select(again.IsHetero));
            Assert.Equal(scores.Select(s => float.IsNaN(s) ? 0 : s), again.BFactors.ToArray());
            Assert.Matches(@" \d\.\d\d \? -?\d", File.ReadAllText(folder["out.cif"]));
        }

        Assert.Throws<ArgumentException>(() => AtomicModelFile.Read(folder["a.pdb"]).WithBFactors(new float[2]));
        TestFolder.Fails(() => AtomicModelFile.WriteCif(folder["a.cif"], AtomicModelFile.Read(folder["a.pdb"])), "a.cif", "exists");
    }

    [Fact]
    public void Hetero_atoms_and_insertion_codes_are_read()
    {
        using var folder = new TestFolder();
        var m = AtomicModelFile.Read(folder.Text("a.pdb", Pdb.Replace("MET A   1 ", "MET A   1B", StringComparison.Ordinal)));
        Assert.Equal([false, false, false, true, true, true], Enumerable.Range(0, 6).Select(m.IsHetero));
        Assert.Equal(["B", "B", "", "", "", ""], m.InsertionCodes);
        AtomicModelFile.WriteCif(folder["b.cif"], m);
        Assert.Equal(m.InsertionCodes, AtomicModelFile.Read(folder["b.cif"]).InsertionCodes);

        // Sequence positions rise, keep gaps, and are left out of ligands.
        var labels = File.ReadLines(folder["b.cif"]).Where(
            l => l.StartsWith("ATOM", StringComparison.Ordinal) || l.StartsWith("HETATM", StringComparison.Ordinal)).Select(l => l.Split(' ')[8]);
        Assert.Equal(["1", "1", "2", ".", ".", "."], labels);
    }

    [Property]
    public Property Any_text_comes_back_from_a_cif_value()
    {
        return Prop.ForAll(Generate.StarCells().Select(c => c.Text).Where(t => t.Length > 0).ToArbitrary(), text =>
        {
            var tokens = new CifTokenizer(System.Text.Encoding.UTF8.GetBytes($"x {CifAtomWriter.Value(text)} y"));
            Assert.True(tokens.Next(out var token));
            Assert.True(tokens.Next(out token));
            Assert.Equal(text, System.Text.Encoding.UTF8.GetString(token));
            Assert.False(tokens.IsName(token));
            Assert.True(tokens.IsQuoted || (text is not "." and not "?" && text[0] != '#'));
            Assert.True(tokens.Next(out token));
            Assert.Equal("y", System.Text.Encoding.UTF8.GetString(token));
            Assert.False(tokens.Next(out _));
        });
    }

    [Property]
    public Property A_gaussian_model_survives_writing_and_reading_to_the_bit()
    {
        var bits = ArbMap.Default.GeneratorFor<int>().Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite);
        var models = (from n in Gen.Choose(1, 5)
                      from v in bits.ArrayOf(5 * n)
                      from pixel in Gen.Choose(1, 100000)
                      select (n, v, pixel / 7e3)).ToArbitrary();
        return Prop.ForAll(models, t =>
        {
            using var folder = new TestFolder();
            var (n, v, pixel) = t;
            var widths = v[(4 * n)..].Select(w => Math.Max(Math.Abs(w), float.Epsilon)).ToArray();
            var model = new GaussianModel(v.AsSpan(0, n), v.AsSpan(n, n), v.AsSpan(2 * n, n), v.AsSpan(3 * n, n), widths, 64, pixel, "from 'a' \"map\" # x");
            GaussianModelFile.Write(folder["m.star"], model, overwrite: true);
            var again = GaussianModelFile.Read(folder["m.star"]);
            Assert.Equal((model.BoxSize, model.PixelSize), (again.BoxSize, again.PixelSize));
            Assert.Equal("from 'a' 'map' # x", again.Provenance);
            Assert.Equal(model.X.ToArray(), again.X.ToArray());
            Assert.Equal(model.Y.ToArray(), again.Y.ToArray());
            Assert.Equal(model.Z.ToArray(), again.Z.ToArray());
            Assert.Equal(model.Amplitudes.ToArray(), again.Amplitudes.ToArray());
            Assert.Equal(model.Widths.ToArray(), again.Widths.ToArray());
        });
    }

    [Theory]
    [InlineData("gmmFormatVersion  1", "gmmFormatVersion  2", "gmmFormatVersion", "version 2")]
    [InlineData("gmmBoxSize        64", "gmmBoxSize        0", "gmmBoxSize", "not positive")]
    [InlineData("_gmmWidth", "_gmmBreadth", "gmmWidth", "missing")]
    [InlineData("1.5 2 3 4 5", "1.5 2 3 4 -5", "row 18, gmmWidth", "widths positive")]
    [InlineData("1.5 2 3 4 5", "1.5 2 3 x 5", "row 18, gmmAmplitude", "not a finite number")]
    [InlineData("data_gmm_gaussians", "data_other", "data_gmm_gaussians", "not a Gaussian model")]
    public void A_bad_gaussian_model_is_refused(string old, string replacement, string place, string message)
    {
        using var folder = new TestFolder();
        GaussianModelFile.Write(folder["m.star"], new GaussianModel([1.5f], [2], [3], [4], [5], 64, 1.25));
        var text = File.ReadAllText(folder["m.star"]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        folder.Text("m.star", text.Replace(old, replacement, StringComparison.Ordinal));
        TestFolder.Fails(() => GaussianModelFile.Read(folder["m.star"]), "m.star", place, message);
    }
}
