using System.IO.Compression;

namespace Gmm.IO.Tests;

/// <summary>Atomic models as people have them. What gemmi 0.5.7 reads of the same text is said where it is the reference.</summary>
public sealed class ModelFormTests
{
    [Fact]
    public void Chain_names_of_two_characters_stay_apart()
    {
        // gemmi: chains AA, AB and B, two atoms each of the first two.
        var m = Read("""
            ATOM      1  N   MET AA  1      11.104   6.134  -6.504  1.00 10.50           N
            ATOM      2  CA  MET AA  1      11.639   6.071  -5.147  1.00 11.00           C
            ATOM      3  N   GLYAB   1      21.104   6.134  -6.504  1.00 10.50           N
            ATOM      4  CA  SERAB   2      21.639   6.071  -5.147  1.00 11.00           C
            HETATM    5  O   HOHAB   3      21.639   6.071  -5.147  1.00 11.00           O
            ATOM      6  N   MET B   1      31.104   6.134  -6.504  1.00 10.50           N
            """.Replace("MET AA  1", "METAA   1", StringComparison.Ordinal));
        Assert.Equal(["AA", "AA", "AB", "AB", "AB", "B"], m.Chains);
        Assert.Equal(["MET", "MET", "GLY", "SER", "HOH", "MET"], m.ResidueNames);
        Assert.Equal([2, 3, 4], AtomSelection.Parse("AB:1-3").Find(m));
        Assert.Empty(m.Warnings);
    }

    [Fact]
    public void Residue_names_of_four_letters_are_not_chain_names()
    {
        var m = Read("""
            ATOM      1  OH2 TIP3W   1      11.104   6.134  -6.504  1.00 10.50           O
            ATOM      2  OH2 TIP3W   2      11.639   6.071  -5.147  1.00 11.00           O
            ATOM      3  N   POPCL   1      21.104   6.134  -6.504  1.00 10.50           N
            ATOM      4  N   DOPCL   2      21.639   6.071  -5.147  1.00 11.00           N
            ATOM      5  N   HISEA   2      21.639   6.071  -5.147  1.00 11.00           N
            ATOM      6  N   LYSEA   3      21.639   6.071  -5.147  1.00 11.00           N
            """);
        Assert.Equal(["TIP3", "TIP3", "POPC", "DOPC", "HIS", "LYS"], m.ResidueNames);
        Assert.Equal(["W", "W", "L", "L", "EA", "EA"], m.Chains);
    }

    [Theory]
    [InlineData("END\nATOM      3  N   MET B   1      21.104   6.134  -6.504  1.00 10.50           N\nEND\n", 2, "(B)")]
    [InlineData("MODEL        2\nATOM      1  N   MET A   1      21.104   6.134  -6.504  1.00 10.50           N\nMODEL        3\n"
        + "ATOM      1  N   MET A   1      21.104   6.134  -6.504  1.00 10.50           N\n", 3, "only the first, of 2 atoms")]
    [InlineData(
        "ENDMDL\nMODEL        2\nATOM      1  N   MET A   1      21.104   6.134  -6.504  1.00 10.50           N\nENDMDL\nEND\n", 2,
        "only the first, of 2 atoms")]
    public void Of_several_frames_the_first_is_read_and_it_is_said(string rest, int frames, string said)
    {
        var m = Read("""
            MODEL        1
            ATOM      1  N   MET A   1      11.104   6.134  -6.504  1.00 10.50           N
            ATOM      2  CA  MET A   1      11.639   6.071  -5.147  1.00 11.00           C

            """ + rest);
        Assert.Equal([11.104, 11.639], m.X.ToArray());
        var warning = Assert.Single(m.Warnings);
        Assert.Contains($"has {frames} models (frames)", warning, StringComparison.Ordinal);
        Assert.Contains(said, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_and_loops_of_an_mmcif_file_after_the_first_are_counted()
    {
        const string header = "loop_\n_atom_site.label_atom_id\n_atom_site.label_comp_id\n_atom_site.label_asym_id\n_atom_site.label_seq_id\n"
            + "_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\n_atom_site.pdbx_PDB_model_num\n_atom_site.type_symbol\n";
        var m = Read($"data_a\n{header}N MET A 1 1 2 3 1 N\nCA MET A 1 4 5 6 1 C\nN MET A 1 1 2 3 2 N\ndata_b\n{header}N MET B 1 1 2 3 1 N\n#\n", "cif");
        Assert.Equal([1, 4], m.X.ToArray());
        Assert.Contains(
            "has 3 models (frames); only the first, of 2 atoms, is read; chains that only later ones have (B)", Assert.Single(m.Warnings),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HG21", "TPO", false, 1)]
    [InlineData("HG  ", "SER", false, 1)]
    [InlineData("CA  ", "HIE", false, 6)]
    [InlineData("CD  ", "LYN", false, 6)]
    [InlineData("NE  ", "ARG", false, 7)]
    [InlineData("SG  ", "CYX", false, 16)]
    [InlineData("1HB ", "ALA", false, 1)]
    [InlineData(" D  ", "ALA", false, 1)]
    [InlineData("SE  ", "MSE", false, 34)]
    [InlineData(" SE ", "MSE", false, 34)]
    [InlineData("CA  ", " CA", true, 20)]
    [InlineData(" CA ", " CA", true, 20)]
    [InlineData(" CAL", "CAL", true, 20)]
    [InlineData(" CLA", "CLA", true, 17)]
    [InlineData(" SOD", "SOD", true, 11)]
    [InlineData("CO  ", "3CO", true, 27)]
    [InlineData(" CA ", "UNX", true, 6)]
    [InlineData("CA  ", "UNX", true, 20)]
    [InlineData(" OH2", "TIP", false, 8)]
    [InlineData("HG  ", "EMC", false, 80)]
    [InlineData(" HG ", "EMC", false, 1)]
    [InlineData("CL1 ", "LIG", false, 17)]
    [InlineData(" CL1", "LIG", false, 6)]
    [InlineData(" PB ", "ATP", false, 15)]
    [InlineData("FE  ", "HEM", false, 26)]
    [InlineData("BR12", "LIG", false, 35)]
    [InlineData("CAA1", "LIG", false, 6)]
    [InlineData("C210", "LIG", false, 6)]
    public void The_element_comes_from_the_name_where_its_columns_are_empty(string name, string residue, bool alone, int element)
    {
        // Columns are kept but in amino acids; a second atom makes a residue of what is no ion.
        const string rest = "      11.104   6.134  -6.504  1.00 10.50\n";
        var m = Read($"HETATM    1 {name} {residue} A   1{rest}" + (alone ? string.Empty : $"HETATM    2  C9  {residue} A   1{rest}"));
        Assert.Equal((byte)element, m.AtomicNumbers[0]);
        Assert.Contains("have no element; it is taken from their names", Assert.Single(m.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_all_begin_in_the_first_column_keep_their_elements()
    {
        // gemmi reads calcium, mercury, cadmium and neptunium here; the same atoms in their columns give what is asserted.
        string[] names = ["N", "CA", "C", "O", "CB", "CG", "CD", "CE", "NZ", "HA", "HG2", "HE1", "HO"];
        var text = string.Concat(names.Select((n, i) => $"ATOM  {i + 1,5} {n,-4} XLY A   1    {i,8:F3}   6.134  -6.504  1.00 10.50\n"));
        var m = Read(text);
        Assert.Equal([7, 6, 6, 8, 6, 6, 6, 6, 7, 1, 1, 1, 1], m.AtomicNumbers.ToArray());
        Assert.Contains("13 of 13 atoms have no element; it is taken from their names: 6 C, 4 H, 2 N, 1 O", m.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_residues_at_one_position_the_better_stays_whole()
    {
        var m = Read("""
            ATOM      1  N  ASER A   5      11.104   6.134  -6.504  0.40 10.50           N
            ATOM      2  CB ASER A   5      11.639   6.071  -5.147  0.40 11.00           C
            ATOM      3  OG ASER A   5      12.639   7.071  -4.147  0.40 12.00           O
            ATOM      4  N  BTHR A   5      13.104   6.134  -6.504  0.60 10.50           N
            ATOM      5  CB BTHR A   5      14.639   6.071  -5.147  0.30 11.00           C
            ATOM      6  CB CTHR A   5      14.739   6.071  -5.147  0.30 11.00           C
            ATOM      7  OG1BTHR A   5      15.639   7.071  -4.147  0.60 12.00           O
            ATOM      8  CG2BTHR A   5      16.639   7.071  -4.147  0.60 12.00           C
            ATOM      9  N   GLY A   6      17.104   6.134  -6.504  1.00 10.50           N
            HETATM   10  N   LIG A   6      18.104   6.134  -6.504  1.00 10.50           N
            """);
        Assert.Equal(["N", "CB", "OG1", "CG2", "N", "N"], m.AtomNames);
        Assert.Equal(["THR", "THR", "THR", "THR", "GLY", "LIG"], m.ResidueNames);
        Assert.Equal(14.639, m.X[1]);
        Assert.Contains(
            "(1 of them): the one of the highest occupancy is taken; A:5 is THR (occupancy 0.6), not SER (0.4)", Assert.Single(m.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_location_without_label_is_one_of_an_atom_and_equal_names_without_labels_are_different_atoms()
    {
        var m = Read("""
            ATOM      1  CA  SER A   5      11.104   6.134  -6.504  0.40 10.50           C
            ATOM      2  CA BSER A   5      12.104   6.134  -6.504  0.60 10.50           C
            HETATM    3  O   HOH A   9      13.104   6.134  -6.504  1.00 10.50           O
            HETATM    4  O   HOH A   9      14.104   6.134  -6.504  1.00 10.50           O
            """);
        Assert.Equal([12.104, 13.104, 14.104], m.X.ToArray());
    }

    [Fact]
    public void Missing_residue_numbers_chains_and_occupancies_of_mmcif_are_taken_from_labels_or_said()
    {
        var m = Read("""
            data_a
            loop_
            _atom_site.label_atom_id
            _atom_site.label_comp_id
            _atom_site.label_asym_id
            _atom_site.label_seq_id
            _atom_site.auth_asym_id
            _atom_site.auth_seq_id
            _atom_site.Cartn_x
            _atom_site.Cartn_y
            _atom_site.Cartn_z
            _atom_site.occupancy
            _atom_site.type_symbol
            N  MET A 7 X 12 1 2 3 0.5 N
            CA MET A 7 ? ?  1 2 3 ?   C
            O  HOH B . Y .  1 2 3 .   O
            """, "cif");
        Assert.Equal([12, 7, 0], m.ResidueNumbers.ToArray());
        Assert.Equal(["X", "A", "Y"], m.Chains);
        Assert.Equal([0.5f, 1, 1], m.Occupancies.ToArray());
        Assert.Equal(2, m.Warnings.Count);
        Assert.Contains("1 of 3 atoms have no auth_seq_id", m.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("1 of 3 atoms have no residue number", m.Warnings[1], StringComparison.Ordinal);
        TestFolder.Fails(
            () => Read("data_a\nloop_\n_atom_site.label_atom_id\n_atom_site.label_comp_id\n_atom_site.label_asym_id\n_atom_site.label_seq_id\n"
                + "_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\nN MET A 1x 1 2 3\n", "cif"),
            "row 10, _atom_site.label_seq_id", "\"1x\" is not a residue number");
    }

    [Fact]
    public void Occupancies_that_are_missing_are_1_and_those_that_count_for_nothing_are_said()
    {
        const string atoms = """
            ATOM      1  N   MET A   1      11.104   6.134  -6.504      10.50           N
            ATOM      2  CA  MET A   1      11.639   6.071  -5.147  0.00 11.00           C
            ATOM      3  C   MET A   1      11.639   6.071  -5.147  0.00 11.00           C
            """;
        var m = Read(atoms);
        Assert.Equal([1, 0, 0], m.Occupancies.ToArray());
        Assert.Contains("2 of 3 atoms have an occupancy of 0 and count for nothing", Assert.Single(m.Warnings), StringComparison.Ordinal);
        var none = Read(atoms.Replace("     10.50", "0.00 10.50", StringComparison.Ordinal));
        Assert.Equal([1, 1, 1], none.Occupancies.ToArray());
        Assert.Contains("all occupancies are 0", Assert.Single(none.Warnings), StringComparison.Ordinal);
        Assert.Contains(
            "occupancies go up to 100", Assert.Single(Read(atoms.Replace("  0.00 ", "100.00 ", StringComparison.Ordinal)).Warnings),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TITLE     ALPHAFOLD MONOMER V2.0 PREDICTION FOR SOMETHING\n", "pdb", true)]
    [InlineData("REMARK   1 B-FACTOR COLUMN HOLDS PLDDT\n", "pdb", true)]
    [InlineData("TITLE     A STRUCTURE\n", "pdb", false)]
    [InlineData("EXPDTA    ELECTRON MICROSCOPY\nTITLE     SOLVED WITH AN ALPHAFOLD MODEL\n", "pdb", false)]
    [InlineData("REMARK   3 REFINEMENT.\nREMARK   1 STARTED FROM ALPHAFOLD\n", "pdb", false)]
    [InlineData("_ma_qa_metric.id 1\n", "cif", true)]
    [InlineData("loop_\n_ma_qa_metric_local.ordinal_id\n_ma_qa_metric_local.metric_value\n1 90.5\n", "cif", true)]
    [InlineData("_exptl.method 'ELECTRON MICROSCOPY'\n", "cif", false)]
    public void A_file_that_says_it_is_predicted_has_no_b_factors(string header, string format, bool predicted)
    {
        var pdb = header + "ATOM      1  N   MET A   1      11.104   6.134  -6.504  1.00 90.50           N\n"
            + "ATOM      2  CA  MET A   1      11.639   6.071  -5.147  1.00 91.50           C\n";
        var cif = $"data_a\n{header}#\nloop_\n_atom_site.label_atom_id\n_atom_site.label_comp_id\n_atom_site.label_asym_id\n_atom_site.label_seq_id\n"
            + "_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\n_atom_site.B_iso_or_equiv\n_atom_site.type_symbol\n"
            + "N MET A 1 1 2 3 90.5 N\nCA MET A 1 1 2 3 91.5 C\n";
        var m = Read(format == "pdb" ? pdb : cif, format);
        Assert.Equal(predicted ? [0, 0] : [90.5f, 91.5f], m.BFactors.ToArray());
        Assert.Equal(predicted ? 1 : 0, m.Warnings.Count(w => w.Contains("a predictor's confidence, not B factors", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_predicted_model_without_header_is_told_by_its_values_and_one_of_an_experiment_is_not()
    {
        // ColabFold's file says nothing but its atoms. Turned round, as B factors are, the same values stay; so do they if they differ in a residue.
        var file = TestFolder.Data("models", "colabfold_ERR550519.pdb.gz");
        var m = AtomicModelFile.Read(file);
        Assert.Equal(1069, m.Count);
        Assert.All(m.BFactors.ToArray(), b => Assert.Equal(0, b));
        Assert.Contains(
            "one value for each residue, which rises with its number of neighbours (rank correlation 0.33)", Assert.Single(m.Warnings),
            StringComparison.Ordinal);

        using var unzipped = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var lines = unzipped.ReadToEnd().Split('\n');
        string Changed(Func<double, int, double> change) => string.Join('\n', lines.Select((l, i) => l.StartsWith("ATOM", StringComparison.Ordinal)
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{l[..60]}{change(double.Parse(l[60..66], System.Globalization.CultureInfo.InvariantCulture), i),6:F2}{l[66..]}") : l));
        Assert.Contains(Read(Changed((b, _) => 100 - b)).BFactors.ToArray(), b => b > 0);
        Assert.Contains(Read(Changed((b, i) => b - (0.01 * (i % 2)))).BFactors.ToArray(), b => b > 0);
        Assert.All(Read(Changed((b, _) => b / 100)).BFactors.ToArray(), b => Assert.Equal(0, b));
    }

    private static AtomicModel Read(string text, string format = "pdb")
    {
        using var folder = new TestFolder();
        return AtomicModelFile.Read(folder.Text("m." + format, text));
    }
}
