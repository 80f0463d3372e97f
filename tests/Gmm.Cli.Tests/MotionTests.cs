using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

public sealed class MotionTests : IDisposable
{
    private const string Domains = """
        { "domains": [
          { "name": "tail", "atoms": "A:1-30,41", "hinge": { "residues": "A:60-80", "sd_deg": 8 } },
          { "name": "head", "atoms": "A:100-150", "hinge": { "point": [0, 0, 0], "axis": [0, 1, 0], "range_A": 10 }, "jitter_deg": 1, "jitter_A": 0.5 } ] }
        """;

    private readonly Tool _tool = new();

    [Fact]
    public void Domains_are_written_with_their_truth()
    {
        var json = Simulate(Domains, "--seed", "3", "--json").Json();
        Assert.All(json.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString())));
        var star = StarFile.Read(_tool["sim/motion.star"]);
        var domains = star.Find("domains")!.Table!;
        Assert.Equal(["31", "51"], domains.GetColumn("gmmDomainAtoms"));
        var motions = star.Find("particles")!.Table!;
        using StarParticles whole = StarParticles.Open(_tool["sim/true.star"]), tail = StarParticles.Open(_tool["sim/domain_tail_true.star"]);
        for (var i = 0; i < 12; i++)
        {
            // The file's numbers alone give the domain's pose from the particle's.
            double Value(string what) => motions.GetDouble(i, "gmm_tail_" + what);
            const double radians = Math.PI / 180;
            var turn = Rotation.FromRotationVector(Value("RotationX") * radians, Value("RotationY") * radians, Value("RotationZ") * radians);
            var (pose, own) = (whole.Particles[i].Pose, tail.Particles[i].Pose);
            Assert.Equal(0, (pose.Rotation * turn).AngleTo(own.Rotation), 1e-6);
            var (x, y, _) = pose.Rotation.Apply(Value("ShiftX"), Value("ShiftY"), Value("ShiftZ"));
            Assert.Equal(pose.ShiftX + x, own.ShiftX, 1e-5);
            Assert.Equal(pose.ShiftY + y, own.ShiftY, 1e-5);
            Assert.Equal(Math.Abs(Value("Angle")) * radians, turn.AngleTo(Rotation.Identity), 1e-6);
        }

        var mask = MrcFile.ReadMap(_tool["sim/domain_head_mask.mrc"]);
        Assert.Equal((0f, 1f), (mask.Voxels.Min(), mask.Voxels.Max()));
        Assert.NotEqual(MrcFile.ReadMap(_tool["sim/domain_head_map.mrc"]).Voxels, MrcFile.ReadMap(_tool["sim/true_map.mrc"]).Voxels);
    }

    [Fact]
    public void A_path_of_models_is_followed()
    {
        _tool.WriteModel("shifted.pdb", 3);
        Simulate("""{ "path": { "frames": ["model.pdb", "shifted.pdb"] } }""").RequireSuccess();
        var table = StarFile.Read(_tool["sim/motion.star"]).Find("particles")!.Table!;
        Assert.All(table.GetColumn("gmmTrueCoordinate"), t => Assert.InRange(double.Parse(t, System.Globalization.CultureInfo.InvariantCulture), 0, 1));
    }

    [Fact]
    public void A_trajectory_is_read_and_laid_on_the_model()
    {
        _tool.WriteModel();
        var model = AtomicModelFile.Read(_tool["model.pdb"]);
        WriteDcd(_tool["path.dcd"], model, 3, bigEndian: true);
        var trajectory = DcdTrajectory.Read(_tool["path.dcd"]);
        Assert.Equal((150, 3), (trajectory.AtomCount, trajectory.Frames.Count));
        Assert.Equal(model.Z[7] + 20, trajectory.Frames[2][(3 * 7) + 2], 1e-4);

        // The frames differ by nothing but a shift, so once they are aligned nothing moves.
        Simulate("""{ "path": { "frames": ["path.dcd"], "align": "A:1-150" } }""", "--no-noise").RequireSuccess();
        Tool.Run("simulate", _tool["model.pdb"], "--out", _tool["still"], "--particles", "12", "--box", "32", "--pixel-size", "2.5", "--no-noise")
            .RequireSuccess();
        using var moving = StarParticles.Open(_tool["sim/true.star"]);
        using var still = StarParticles.Open(_tool["still/true.star"]);
        float[] a = new float[32 * 32], b = new float[32 * 32];
        moving.ReadImage(5, a);
        still.ReadImage(5, b);
        for (var i = 0; i < a.Length; i++)
        {
            Assert.Equal(b[i], a[i], 1e-3 * b.Max());
        }
    }

    [Theory]
    [InlineData("motion.json, row 1, domain:", "{ \"domain\": [] }")]
    [InlineData("motion.json, row 1: is not a motion file", "[")]
    [InlineData("the model has no atoms of residues 200 to 210 of chain A", """{ "domains": [ { "name": "a", "atoms": "A:200-210" } ] }""")]
    [InlineData("no atoms of chain X", """{ "domains": [ { "name": "a", "atoms": "X" } ] }""")]
    [InlineData("'A:1-' in 'A:1-' is no selection", """{ "domains": [ { "name": "a", "atoms": "A:1-" } ] }""")]
    [InlineData("needs either residues or a point", """{ "domains": [ { "name": "a", "atoms": "A:1-5", "hinge": { "sd_deg": 4 } } ] }""")]
    [InlineData(
        "domains[0].hinge.point: has 2 elements where 3 are needed",
        """{ "domains": [ { "name": "a", "atoms": "A:1-5", "hinge": { "point": [1, 2], "sd_deg": 4 } } ] }""")]
    [InlineData("either domains or a path", "{ }")]
    [InlineData("there is no such file", """{ "path": { "frames": ["none.pdb", "model.pdb"] } }""")]
    [InlineData("not a DCD trajectory", """{ "path": { "frames": ["fake.dcd"] } }""")]
    public void Bad_motions_are_named(string expected, string json)
    {
        _tool.WriteModel();
        File.Copy(_tool["model.pdb"], _tool["fake.dcd"]);
        var run = Simulate(json);
        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_tool["sim"]));
    }

    public void Dispose() => _tool.Dispose();

    private static void WriteDcd(string path, AtomicModel model, int frames, bool bigEndian)
    {
        using var stream = File.Create(path);
        byte[] Bytes(int v) => BitConverter.IsLittleEndian == bigEndian ? [.. BitConverter.GetBytes(v).Reverse()] : BitConverter.GetBytes(v);
        void Record(IEnumerable<byte> content)
        {
            var bytes = content.ToArray();
            stream.Write([.. Bytes(bytes.Length), .. bytes, .. Bytes(bytes.Length)]);
        }

        Record([.. "CORD"u8.ToArray(), .. Bytes(500), .. new byte[76]]);
        Record([.. Bytes(1), .. new byte[80]]);
        Record(Bytes(model.Count));
        for (var f = 0; f < frames; f++)
        {
            Record(new byte[48]);
            var shift = 10f * f;
            double[][] axes = [model.X.ToArray(), model.Y.ToArray(), model.Z.ToArray()];
            foreach (var axis in axes)
            {
                Record(axis.SelectMany(v => Bytes(BitConverter.SingleToInt32Bits((float)v + shift))));
            }
        }
    }

    private ToolRun Simulate(string motion, params string[] more)
    {
        File.WriteAllText(_tool["motion.json"], motion);
        return Tool.Run([
            "simulate", _tool.WriteModel(), "--out", _tool["sim"], "--particles", "12", "--box", "32", "--pixel-size", "2.5", "--motion",
            _tool["motion.json"], .. more]);
    }
}
