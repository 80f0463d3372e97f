using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Cli.Tests;

namespace Gmm.Fuzz;

/// <summary>Whole, small files of every kind, made by the library's own writers where it has them.</summary>
internal sealed class SeedFiles
{
    public const int Box = 8;
    private const int Images = 6;

    private const string StarOfFuzzedStack = "of-fuzzed-stack.star";
    private readonly string _work;
    private readonly StarParticles _particles;

    public SeedFiles(string work)
    {
        _work = work;
        WriteStack("particles.mrcs");
        Particles = [MakeParticles("particles.mrcs"), OldParticles()];
        File.WriteAllBytes(In(StarOfFuzzedStack), MakeParticles("fuzzed.mrcs", makeStack: true));
        Stars = [.. Particles, Fsc(), "data_a\n_x 1\n_y 'two words' # remark\n\ndata_b\nloop_\n_p #1\n_q #2\n\"a b\" 2\n'c' 3\n"u8.ToArray()];
        Cryosparc = [.. Particles.Select(CryosparcOf)];
        Gaussians = MakeModel();
        Model = Saved("model.star", path => GaussianModelFile.Write(path, Gaussians, overwrite: true));
        Latents = Saved("latent.star", path => new LatentTable(
            ["1@a.mrcs", "2@a.mrcs"], [1, 2], [[0.5f, -1], [2, 0.25f]], [[0.1f, 0.2f], [0.3f, 0.4f]]).Write(path, overwrite: true));
        Learnt = MakeLearnt(Decoders.Anchors(true, [3]));
        Autoencoders = [.. new[] { Decoders.Anchors(true, [3]), Decoders.Rigid([3]), Decoders.Free([3]) }.Select(
            k => Saved("a.gmmae", path => AutoencoderFile.Write(path, MakeLearnt(k), overwrite: true)))];
        Trainings =
        [
            Saved("a.gmmts", WritePosition),
            Saved("b.gmmts", path => new TrainingCheckpoint(path).Finish(Learnt, RecordSamples.Training, [[1, 2], [3, 4]], [[1, 1], [1, 1]])),
        ];
        PartialSums = MakeSums();
        Figures = Saved("run_images.gmmfig", path => ImageFiguresFile.Write(
            path, [.. Enumerable.Range(1, FiguresCount).Select(i => new ImageFigures(ImageKind.Ordinary, 0.1f * i, 0, 0, 1, 2))], string.Empty));
        File.WriteAllBytes(In("of-tilts.star"), Tomograms[1]);
        File.WriteAllBytes(In("tilts.mrcs"), RawMap(MrcMode.Float32, Box, Box, 2));
        Posed = Put("posed.star", Particles[0]);
        _particles = StarParticles.Open(Posed);
        Atoms = AtomicModelFile.Read(Put("atoms.pdb", Pdb));
    }

    public IReadOnlyList<byte[]> Stars { get; }

    public IReadOnlyList<byte[]> Particles { get; }

    /// <summary>A file of the first particles.</summary>
    public string Posed { get; }

    /// <summary>The same particles as cryoSPARC's.</summary>
    public IReadOnlyList<byte[]> Cryosparc { get; }

    /// <summary>The same particles as a list of EMAN2's.</summary>
    public byte[] EmanList => Saved("eman.lst", path =>
        new ParticleTransfer([Put("of-eman.star", Particles[0])], new StarParticlesOptions { RequireImages = false }).WriteList(path, overwrite: true));

    /// <summary>Stacks that h5py wrote.</summary>
    public static IReadOnlyList<byte[]> EmanStacks =>
        [.. new[]
        {
            "made_plain.hdf", "made_gz8.hdf", "made_map.hdf", "made_latest_attributes.hdf", "made_latest_array.hdf", "made_latest_one_chunk.hdf",
            "made_latest_tree.hdf", "made_latest_pages.hdf", "made_latest_many.hdf", "made_v18_chunks.hdf",
        }.Select(f => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "eman", f)))];

    /// <summary>The same particles as cisTEM's.</summary>
    public byte[] Cistem => Saved("cistem.star", path =>
    {
        var transfer = new ParticleTransfer([Put("of-cistem.star", Particles[0])], new StarParticlesOptions { RequireImages = false });
        transfer.WriteStar(path, "cistem", overwrite: true);
    });

    public byte[] Model { get; }

    public GaussianModel Gaussians { get; }

    public byte[] Latents { get; }

    public Autoencoder Learnt { get; }

    public IReadOnlyList<byte[]> Autoencoders { get; }

    public IReadOnlyList<byte[]> Trainings { get; }

    public byte[] PartialSums { get; }

    /// <summary>Images in <see cref="Figures"/>.</summary>
    public const int FiguresCount = 5;

    public byte[] Figures { get; }

    public AtomicModel Atoms { get; }

    public byte[] Cube =>
        Saved("cube.mrc", path => MrcFile.WriteMap(path, new DensityMap(6, 2, [.. Enumerable.Range(0, 216).Select(i => i / 300f)]), overwrite: true));

    public static byte[] Pdb => Encoding.ASCII.GetBytes(
        """
        HEADER    A MODEL
        MODEL        1
        ATOM      1  N   MET A   1      11.104   6.134  -6.504  1.00 10.50           N
        ATOM      2  CA AMET A   1      11.639   6.071  -5.147  0.40 11.00           C
        ATOM      3  CA BMET A   1      12.639   7.071  -4.147  0.60 12.00           C
        ATOM      4 HD11 LEU A   2       1.000   2.000   3.000  1.00  9.00
        HETATM    5 CA    CA A 101       4.000   5.000   6.000  1.00  9.00
        HETATM    6  O   HOH AA000       7.000   8.000   9.000  0.50 30.00           O
        ENDMDL
        MODEL        2
        ATOM      1  N   MET A   1       1.104   6.134  -6.504  1.00 10.50           N
        ENDMDL
        END

        """);

    public static byte[] Cif => Encoding.ASCII.GetBytes(
        """
        data_X
        _entry.id 'a loop_ in quotes'
        _struct.title
        ;a text field
        of two lines
        ;
        loop_
        _atom_site.group_PDB
        _atom_site.type_symbol
        _atom_site.label_atom_id
        _atom_site.label_alt_id
        _atom_site.auth_comp_id
        _atom_site.auth_asym_id
        _atom_site.auth_seq_id
        _atom_site.pdbx_PDB_ins_code
        _atom_site.Cartn_x
        _atom_site.Cartn_y
        _atom_site.Cartn_z
        _atom_site.occupancy
        _atom_site.B_iso_or_equiv
        _atom_site.pdbx_PDB_model_num
        ATOM N N . MET A 1 ? 11.104 6.134 -6.504(5) 1.00 10.5 1
        ATOM C CA A MET A 1 ? 11.639 6.071 -5.147 0.40 11 1
        ATOM O "O5'" . A B -2 A 1 2 3 1 ? 1
        HETATM O O . HOH C 301 ? 7 8 9 0.5 30 1
        ATOM N N . MET A 1 ? 1.1 6.1 -6.5 1.00 10.5 2
        #

        """);

    /// <summary>numpy.array([[1, 2], [3, 4]], "f4") as NPY.</summary>
    public static byte[] PlainNpy
    {
        get
        {
            var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }".PadRight(117) + "\n";
            return
            [
                0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header),
                .. new float[] { 1, 2, 3, 4 }.SelectMany(BitConverter.GetBytes),
            ];
        }
    }

    /// <summary>CTFs of six particles as cryoDRGN keeps them.</summary>
    public static byte[] CtfPickle => PickleWriter.Array(
        [Images, 9], [.. Enumerable.Range(0, Images).SelectMany(i => new float[] { Box, 1.5f, 10000 + i, 9000, 30, 300, 2.7f, 0.1f, 0 })]);

    /// <summary>numpy.array([5, 0, 2]) as pickles of protocols 2, 4 and 5 (numpy 1.24).</summary>
    public static IReadOnlyList<byte[]> Pickles =>
    [
        Convert.FromBase64String(
            "gAJjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAGNudW1weQpuZGFycmF5CnEBSwCFcQJjX2NvZGVjcwplbmNvZGUKcQNYAQAAAGJxBFgG"
            + "AAAAbGF0aW4xcQWGcQZScQeHcQhScQkoSwFLA4VxCmNudW1weQpkdHlwZQpxC1gCAAAAaThxDImIh3ENUnEOKEsDWAEAAAA8cQ9OTk5K/////0r/////SwB0"
            + "cRBiiWgDWBgAAAAFAAAAAAAAAAAAAAAAAAAAAgAAAAAAAABxEWgFhnESUnETdHEUYi4="),
        Convert.FromBase64String(
            "gASVoAAAAAAAAACMFW51bXB5LmNvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwOF"
            + "lGgDjAVkdHlwZZSTlIwCaTiUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYolDGAUAAAAAAAAAAAAAAAAAAAACAAAAAAAAAJR0lGIu"),
        Convert.FromBase64String(
            "gAWViwAAAAAAAACMEm51bXB5LmNvcmUubnVtZXJpY5SMC19mcm9tYnVmZmVylJOUKJYYAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAACAAAAAAAAAJSMBW51bXB5"
            + "lIwFZHR5cGWUk5SMAmk4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJLA4WUjAFDlHSUUpQu"),
    ];

    /// <summary>(rotations of 6 x 3 x 3, shifts of 6 x 2) as pickles of protocols 4 and 2, float64 and float32 (numpy 1.24).</summary>
    public static IReadOnlyList<byte[]> PosePickles =>
    [
        Convert.FromBase64String(
            "gASVwQIAAAAAAACMFW51bXB5LmNvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwZLA0sD"
            + "h5RoA4wFZHR5cGWUk5SMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJQrABAAC3QHECNJfmPwR6Vyc5eua/IEN+3JA5t7+WiA9YV5rIv+JWAeIB"
            + "DdS/CPrA1pHC7T8bd3nrRdDlv+oJrTmJc+S/1uRIeLnL1r99v8McSjXnv147yxWDkcG/G+4WaNGW5T+oTCb2G/nlvxbB0udgk8s/dctLQ+k35r+g2Jpnyp+pv0sg"
            + "DY858O6/lTB5oA0I0L9wU0dtWvvUP8oo7rYVrOw/EuPNlcsq0z9glMq5WDruv2wQpWweNdQ/o36YTg7ktj9Qqamu1pONv9qhhmBc+9O/66bL85Zl7j/wnfCPIzmm"
            + "v1D0xec+8e8/EBDnc+EzpT+k0d4X+yvqvwACKHuW9Ie/uH3PAL5o4r/Yb69BSVziv/gzP+wsIK6/wIFhqBIk6j8nO/EE0pbWv1ha0MnIa8w/xbK7qs4V7b/Ou2SO"
            + "/rnTP8bC/DHQO+4/+qXCcPNxvD8/R2tU60TsP91TqEDm1s6/08AiC+q42b9mF3NLgofHvxkyWIbPj+6/xl8k7yrEzb9idzKol8rcvz+mtglBdsC/i1x5hf1H7D9E"
            + "4c8fmPfrv2KO6MbGF9E/3xO5pfv72b+UdJRiaAJoBUsAhZRoB4eUUpQoSwFLBksChpRoD4lDYBZC8ABtT2w/R7N9NKXTgD/40WOLxBFrP9aMTQdMsIq/upUWE6yK"
            + "gj9CPmmek0hyP6AXqN1c/nW/cwFsCHfNdz+XR/clo91tP5xzOdFnGGg/FEkk+HWgMj9F2KV/s2R2P5R0lGKGlC4="),
        Convert.FromBase64String(
            "gAJjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAGNudW1weQpuZGFycmF5CnEBSwCFcQJjX2NvZGVjcwplbmNvZGUKcQNYAQAAAGJxBFgGAAAA"
            + "bGF0aW4xcQWGcQZScQeHcQhScQkoSwFLBksDSwOHcQpjbnVtcHkKZHR5cGUKcQtYAgAAAGY0cQyJiIdxDVJxDihLA1gBAAAAPHEPTk5OSv////9K/////0sAdHEQ"
            + "YoloA1hKAQAAwqDCuTQ/w4nDkTPCv8KHw4zCucK9wrvDkkTCvg9owqDCvsKPFG4/L8KCLsK/SsKcI8K/w4xdwrbCvlHCqjnCvxnCjAzCvsKLwrYsP8Ogw4gvwr8H"
            + "wptcPkrCvzHCv1PDvkzCvcOMwoF3wr9tQMKAwr7Dk8Oawqc+wq5gZT9dVsKZPsOGw5Jxwr/Ds8KowqE+ciDCtz3CtcKebMK8w6PDmsKfwr7CuCxzPxzDiTHCvcO3"
            + "wol/PwzCnyk9w5lfUcK/wrTCpD/CvMOwRRPCv0rDohLCv2cBccK9wpUgUT/CkMK2wrTCvkZeYz51wq5owr/DtMOPwp0+woLDnnE/wpzCj8OjPVsnYj8ywrd2wr5Q"
            + "w4fDjcK+Ejw8wr58fnTCv1chbsK+wr1Uw6bCvgjCsgPCvsOsP2I/w4HCvF/CvzbCvsKIPsOdw5/Dj8K+cRFoBYZxElJxE3RxFGJoAGgBSwCFcRVoB4dxFlJxFyhL"
            + "AUsGSwKGcRhoDoloA1hCAAAAaHtiOyrCnQY8JMKOWDtgwoJVwrxhVRQ8wp1EwpI7w6fDssKvwrvCuGvCvjsZw61uOz/Dg0A7wrADwpU5wpwlwrM7cRloBYZxGlJx"
            + "G3RxHGKGcR0u"),
    ];

    /// <summary>A tomogram T of two tilts, as RELION 5 (in one file) and RELION 4 write it.</summary>
    public static IReadOnlyList<byte[]> Tomograms =>
    [
        .. new[]
        {
            "_rlnTomoYTilt\n_rlnTomoZRot\n_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n0 85 20000 19000 0\n3 85 20100 19100 0\n",
            "_rlnTomoProjX\n_rlnTomoProjY\n_rlnTomoProjZ\n_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n[1,0,0,5] [0,1,0,6] [0,0,1,7] 20000 19000 0\n"
                + "[0,1,0,5] [-1,0,0,6] [0,0,1,7] 20000 19000 0\n",
        }.Select(tilts => Encoding.ASCII.GetBytes(
            "data_global\nloop_\n_rlnTomoName\n_rlnTomoHand\n_rlnTomoTiltSeriesPixelSize\n_rlnTomoSizeX\n_rlnTomoSizeY\n_rlnTomoSizeZ\nT 1 2 100 100 50\n"
                + "data_T\nloop_\n" + tilts)),
    ];

    /// <summary>A particle whose image is a stack of both tilts.</summary>
    public static byte[] Subtomograms => Encoding.ASCII.GetBytes(
        "data_optics\nloop_\n_rlnOpticsGroup\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n_rlnImageSize\n"
            + "1 300 2.7 0.1 4 8\ndata_particles\nloop_\n_rlnTomoName\n_rlnImageName\n_rlnOpticsGroup\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n"
            + "_rlnOriginXAngst\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnTomoVisibleFrames\nT tilts.mrcs 1 10 20 30 1.5 10 20 30 [1,1]\n");

    public IReadOnlyList<byte[]> Maps =>
    [
        Cube, RawMap(MrcMode.Int8, 4, 5, 6), RawMap(MrcMode.Int16, 4, 5, 6), RawMap(MrcMode.UInt16, 4, 5, 6), RawMap(MrcMode.Float16, 4, 5, 6),
        RawMap(MrcMode.UInt4, 4, 5, 6),
        RawMap(MrcMode.Float32, 4, 5, 6, (2, 3, 1), 80),
    ];

    public IReadOnlyList<byte[]> Stacks =>
    [
        File.ReadAllBytes(In("particles.mrcs")), RawMap(MrcMode.UInt4, Box, Box, 3), RawMap(MrcMode.Int16, Box, Box, 3, (1, 2, 3), 128),
    ];

    public static IReadOnlyList<byte[]> Trajectories => [Trajectory(bigEndian: false, cell: true), Trajectory(bigEndian: true, cell: false)];

    /// <summary>A particle file beside a stack that names it.</summary>
    public string StarOf(string stack) => In(Path.GetFileName(stack) == "fuzzed.mrcs" ? StarOfFuzzedStack : throw new ArgumentException(stack));

    /// <summary>Makes single tilts, which are particles that can be read.</summary>
    public void Tilts(string path, Numbers numbers)
    {
        var to = In("single.star");
        TiltExpansion.Write(path, In("of-tilts.star"), to, null, overwrite: true);
        numbers.Require(StarFile.Read(to).Find("particles")?.Table?.RowCount > 0, "no tilts");
    }

    /// <summary>Reads poses of cryoDRGN's for the particles.</summary>
    public void Poses(string path, Numbers numbers)
    {
        foreach (var pose in CryodrgnFiles.ReadPoses(path, _particles))
        {
            numbers.Add("pose", pose.Rotation.M00, pose.Rotation.M12, pose.Rotation.M22, pose.ShiftX, pose.ShiftY);
        }
    }

    public Autoencoder NewAutoencoder(float[] mean, float[] inverse) =>
        Autoencoder.Create(Gaussians, Learnt.Design, Learnt.Anchors, Learnt.Mask, mean, inverse);

    private byte[] CryosparcOf(byte[] star)
    {
        using var particles = StarParticles.Open(Put("seed.star", star));
        return Saved("seed.cs", path => CsFromParticles.Convert(particles, _work).Write(path, overwrite: true));
    }

    private string In(string name) => Path.Combine(_work, name);

    private string Put(string name, byte[] content)
    {
        File.WriteAllBytes(In(name), content);
        return In(name);
    }

    public byte[] Saved(string name, Action<string> write)
    {
        write(In(name));
        return File.ReadAllBytes(In(name));
    }

    private void WriteStack(string name)
    {
        using var writer = new MrcStackWriter(In(name), Box, Box, 2, overwrite: true);
        for (var k = 0; k < Images; k++)
        {
            writer.Write([.. Enumerable.Range(0, Box * Box).Select(p => MathF.Sin((p * (k + 1)) + k))]);
        }

        writer.Complete();
    }

    private byte[] MakeParticles(string stack, bool makeStack = false)
    {
        if (makeStack)
        {
            WriteStack(stack);
        }

        var group = new OpticsGroup { Id = 1, Name = "opticsGroup1", PixelSize = 2, ImageSize = Box, CtfState = CtfState.Unmodified };
        Particle[] particles = [.. Enumerable.Range(0, Images).Select(i => new Particle(
            Pose.FromRelion(new EulerAngles(10 * i, 20 + i, -30), 0.5, i), new CtfParameters { DefocusU = 10000 + i, DefocusV = 9000 }, 0, 1 + (i % 2)))];
        return Saved("made.star", path => StarParticles.WriteParticleStar(
            path, [group], particles, [.. Enumerable.Range(0, Images).Select(i => StarParticles.ImageName(i, stack))], overwrite: true));
    }

    /// <summary>RELION 3.0's form: one table, origins in pixels, pixel size by magnification.</summary>
    private static byte[] OldParticles()
    {
        var text = new StringBuilder("\ndata_\n\nloop_\n");
        string[] labels =
        [
            "ImageName", "AngleRot", "AngleTilt", "AnglePsi", "OriginX", "OriginY", "DefocusU", "DefocusV", "DefocusAngle", "Voltage",
            "SphericalAberration", "AmplitudeContrast", "Magnification", "DetectorPixelSize",
        ];
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"_rln{labels[i]} #{i + 1}\n");
        }

        for (var i = 0; i < 4; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1:D6}@particles.mrcs {i}.5 30 -45.25 0.25 -{i} 12000 11000 {i} 300 2.7 0.1 10000 2.0\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private byte[] Fsc() => Saved("fsc.star", path => FscFile.WriteStar(
        path, [0, 0.1, 0.2], [new FscColumn(FscFile.Corrected, [1, 0.9, 0.1])], [new StarPair("rlnFinalResolution", "5.5")], overwrite: true));

    private static GaussianModel MakeModel()
    {
        float[] Row(float a, float b) => [.. Enumerable.Range(0, 20).Select(i => (a * MathF.Sin(i * b)) + (0.1f * i))];
        return new GaussianModel(
            Row(10, 1), Row(9, 2.3f), Row(8, 3.1f), [.. Enumerable.Repeat(1f, 20)], [.. Enumerable.Repeat(2f, 20)], 32, 2, "made for the fuzzer");
    }

    private Autoencoder MakeLearnt(IDecoderFactory decoder)
    {
        var design = new AutoencoderDesign { Half = 1, LatentDimension = 2, Resolution = 7, Decoder = decoder, Encoder = Encoders.Dense([4]) };
        float[] mask = [.. Enumerable.Range(0, Gaussians.Count).Select(i => i % 3 == 0 ? 0f : 1f)];
        var anchors = AnchorSet.Place(Gaussians, 3, mask, 1);
        var features = (2 * AnchorDeformer.Controls(3, decoder.ChangesAmplitudes)) + 3;
        var result = Autoencoder.Create(Gaussians, design, anchors, mask, new float[features], [.. Enumerable.Repeat(1f, features)]);
        foreach (var part in result.Weights)
        {
            for (var i = 0; i < part.Values.Length; i++)
            {
                part.Values[i] = 0.1f * MathF.Sin(i);
            }
        }

        return result;
    }

    private void WritePosition(string path)
    {
        var weights = Learnt.CopyWeights();
        new TrainingCheckpoint(path).Write(RecordSamples.Position, usesNetworks: true, [.. weights, .. weights, .. weights, .. weights]);
    }

    private byte[] MakeSums()
    {
        using var particles = StarParticles.Open(Put("sums.star", Particles[0]));
        return Saved("part.gmmsum", path => PartialReconstruction.Write(
            path, new(particles), new ReconstructionOptions(), 1, 1, new ComputeOptions { Threads = 1 }, overwrite: true));
    }

    private static byte[] RawMap(MrcMode mode, int nx, int ny, int nz, (int, int, int)? axes = null, int extended = 0)
    {
        var header = new MrcHeader
        {
            Columns = nx,
            Rows = ny,
            Sections = nz,
            Mode = mode,
            Axes = axes ?? (1, 2, 3),
            Sampling = (nx, ny, nz),
            Cell = (2 * nx, 2 * ny, 2 * nz),
            ExtendedHeaderBytes = extended,
            SpaceGroup = 1,
        };
        var content = new byte[header.ExpectedFileLength];
        for (var i = MrcHeader.ByteCount; i < content.Length; i++)
        {
            content[i] = (byte)(i % 4 == 3 ? 0x3F : i * 7 % 64);
        }

        header.ToBytes().CopyTo(content, 0);
        return content;
    }

    private static byte[] Trajectory(bool bigEndian, bool cell)
    {
        using var stream = new MemoryStream();
        byte[] Number(int value)
        {
            var bytes = new byte[4];
            if (bigEndian)
            {
                BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            }

            return bytes;
        }

        void Record(byte[] content)
        {
            stream.Write(Number(content.Length));
            stream.Write(content);
            stream.Write(Number(content.Length));
        }

        Record([.. "CORD"u8, .. new byte[80]]);
        Record([.. Number(1), .. new byte[80]]);
        Record(Number(5));
        for (var frame = 0; frame < 2; frame++)
        {
            if (cell)
            {
                Record(new byte[48]);
            }

            for (var axis = 0; axis < 3; axis++)
            {
                Record([.. Enumerable.Range(0, 5).SelectMany(i => Number(BitConverter.SingleToInt32Bits(i + (10 * axis))))]);
            }
        }

        return stream.ToArray();
    }
}
