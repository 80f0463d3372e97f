using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli.Tests;

/// <summary>The real images that come with the tool (src/Gmm.Cli/Data/README.md).</summary>
public class RealDemoTests
{
    /// <summary>
    /// 200 of the 1,207 images, a few seconds. Measured: mean FSC to 5A1A from 14 to 7 A 0.046 at the start, 0.324 at the published poses, 0.583 refined from
    /// 8 degrees off and 0.590 from the published poses; distance of the two refined sets
    /// 0.54 degrees (median), 1.0 % over 10 degrees; 8.4 and 25 % at the start.
    /// </summary>
    [Fact]
    public void From_8_degrees_off_real_images_come_to_the_poses_of_another_start_and_to_the_atomic_model()
    {
        using var tool = new Tool();
        var json = Tool.Run("demo", "--real", "--particles", "200", "--out", tool["real"], "--json").Json();
        Assert.False(json.GetProperty("simulated").GetBoolean());
        Assert.Equal(200, json.GetProperty("particles").GetInt32());
        double Of(string stage, string figure) => json.GetProperty(stage).GetProperty(figure).GetDouble();
        Assert.InRange(Of("start", "model_fsc_mean_fine"), -0.1, 0.15);
        Assert.InRange(Of("published", "model_fsc_mean_fine"), 0.25, 0.4);
        Assert.InRange(Of("refined", "model_fsc_mean_fine"), 0.53, 1);
        Assert.InRange(Of("refined_from_published", "model_fsc_mean_fine"), 0.53, 1);
        Assert.InRange(Of("refined_from_4deg", "model_fsc_mean_fine"), 0.53, 1);
        Assert.True(Of("start", "model_fsc_mean_fine") < Of("start_4deg", "model_fsc_mean_fine")
            && Of("start_4deg", "model_fsc_mean_fine") < Of("published", "model_fsc_mean_fine"));
        Assert.InRange(Of("refined", "model_fsc_nyquist"), 0.12, 1);
        Assert.InRange(Of("start", "pose_distance_median_deg"), 8, 9);
        Assert.InRange(Of("published", "pose_distance_median_deg"), 3, 4.5);
        Assert.InRange(Of("refined", "pose_distance_median_deg"), 0.01, 0.9);
        Assert.InRange(Of("refined_from_4deg", "pose_distance_median_deg"), 0.01, 0.9);
        Assert.InRange(Of("refined", "pose_distance_over_10_deg_share"), 0, 0.03);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("refined_from_published").GetProperty("pose_distance_median_deg").ValueKind);
        Assert.All(json.GetProperty("files").EnumerateArray(), f => Assert.True(File.Exists(f.GetString()), f.GetString()));

        // The verdict is that of the refinement from 8 degrees off.
        var verdict = json.GetProperty("verdict").GetProperty("reason").GetString();
        Assert.Equal(RunRecord.Read(tool["real/refined/run.json"]).Verdict!.Reason, verdict);

        // What it wrote can be used where it lies: particles find their images, the model lies in the frame of the maps.
        using var refined = StarParticles.Open(tool["real/refined/run_data.star"]);
        refined.ReadImage(199, new float[64 * 64]);
        var fsc = Tool.Run("fsc", tool["real/refined.mrc"], "--model", tool["real/5a1a.cif"], "--mask", tool["real/mask.mrc"], "--json").Json();
        Assert.Equal(Of("refined", "model_fsc_nyquist"), fsc.GetProperty("shells").EnumerateArray().Last().GetProperty("fsc").GetDouble(), 0.02);
    }

    [Fact]
    public void The_verdict_is_printed()
    {
        using var tool = new Tool();
        var run = Tool.Run("demo", "--real", "--particles", "30", "--out", tool["real"]);
        run.RequireSuccess();
        var verdict = RunRecord.Read(tool["real/refined/run.json"]).Verdict!;
        Assert.Contains(string.Join(Environment.NewLine, verdict.Lines()), run.Output, StringComparison.Ordinal);
        Assert.StartsWith("verdict: ", verdict.Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_atomic_model_has_its_two_fold_axes_along_those_of_the_box()
    {
        using var particles = StarParticles.Open(DemoData.RealParticles(RealSet.Published));
        Assert.Equal(RealSet.Count, particles.Particles.Count);
        var optics = particles.OpticsGroups[0];
        var model = RealSet.PlacedModel(optics);
        var centre = optics.ImageSize / 2 * optics.PixelSize;
        var atoms = Enumerable.Range(0, model.Count).Where(i => model.AtomNames[i] == "CA")
            .Select(i => (X: model.X[i] - centre, Y: model.Y[i] - centre, Z: model.Z[i] - centre)).ToArray();
        Assert.InRange(atoms.Length, 4000, 4200);
        var cells = atoms.Select(Cell).ToHashSet();
        foreach (var turn in RealSet.Symmetry.Operators)
        {
            Assert.InRange(atoms.Count(a => cells.Contains(Cell(turn.Apply(a.X, a.Y, a.Z)))), 0.98 * atoms.Length, atoms.Length);
        }

        // Cells of half an angstrom, moved off the coordinates' own steps.
        static (int X, int Y, int Z) Cell((double X, double Y, double Z) a) => (Index(a.X), Index(a.Y), Index(a.Z));
        static int Index(double v) => (int)Math.Round(2 * v, MidpointRounding.AwayFromZero);
    }

    [Fact]
    public void The_start_is_8_degrees_from_the_published_poses()
    {
        using StarParticles published = StarParticles.Open(DemoData.RealParticles(RealSet.Published)),
            start = StarParticles.Open(DemoData.RealParticles(RealSet.Disturbed));
        published.RequireSameParticles(start);
        for (var i = 0; i < RealSet.Count; i++)
        {
            Assert.Equal(8, published.Particles[i].Pose.Rotation.AngleTo(start.Particles[i].Pose.Rotation) * 180 / Math.PI, 0.01);
            Assert.Equal(published.Particles[i].Ctf, start.Particles[i].Ctf);
        }
    }

    [Theory]
    [InlineData("--disturb-degrees", "5")]
    [InlineData("--particles", "5")]
    [InlineData("--particles", "1208")]
    public void What_the_real_images_do_not_have_is_refused(string option, string value)
    {
        using var tool = new Tool();
        var run = Tool.Run("demo", "--real", option, value, "--out", tool["real"]);
        Assert.Equal(1, run.Code);
        Assert.Contains(option, run.Line(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool["real"]));
    }
}
