using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Stacks of tilts become single images with the geometry of their tilt series, and refined poses go back.</summary>
public sealed class TiltExpansionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Each_tilt_sees_its_particle_where_the_stage_turns_it(bool isRelion5, bool allFrames)
    {
        var set = new TiltSet(_folder, isRelion5, allFrames);
        var written = Expand(set);
        Assert.Equal((3, 12, 0), (written.Particles, written.Images, written.Warnings.Count));
        using var tilts = StarParticles.Open(_folder["tilts.star"]);
        Assert.Empty(tilts.Warnings);
        var i = 0;
        var pixels = new float[TiltSet.Box * TiltSet.Box];
        for (var p = 0; p < 3; p++)
        {
            foreach (var frame in TiltSet.VisibleFrames(p))
            {
                var image = tilts.Particles[i];
                foreach (double[] point in (double[][])[[0, 0, 0], [30, 0, 0], [0, 20, -10], [5, -40, 25]])
                {
                    var (x, y, depth) = set.See(p, frame, point);
                    var (u, v, _) = image.Pose.Rotation.Apply(point[0], point[1], point[2]);
                    Assert.InRange(Math.Abs(x - u - image.Pose.ShiftX) + Math.Abs(y - v - image.Pose.ShiftY), 0, 1e-5);
                    Assert.InRange(Math.Abs(TiltSet.Defocus(frame) + (TiltSet.Hand * depth) - image.Ctf.DefocusU), 0, 1e-5);
                }

                Assert.Equal(500, image.Ctf.DefocusU - image.Ctf.DefocusV, 3);
                tilts.ReadImage(i, pixels);
                Assert.Equal((100 * p) + (10 * frame), pixels[0]);
                Assert.Equal($"{TiltSet.TomogramOf(p)}/{p}", tilts.Table.GetText(i, "rlnTomoParticleName"));
                Assert.Equal(1 + (p % 2), image.Half);
                i++;
            }
        }
    }

    [Theory]
    [InlineData("data_\n\n_rlnTomoParticlesFile PARTICLES\n_rlnTomoTomogramsFile TOMOGRAMS\n")]
    [InlineData("data_\n\nloop_\n_rlnTomoTomogramsFile #1\n_rlnTomoParticlesFile #2\nTOMOGRAMS PARTICLES\n")]
    public void An_optimisation_set_names_its_files(string text)
    {
        var set = new TiltSet(_folder, isRelion5: true, allFrames: false);
        string Named(string name) => Path.GetRelativePath(_folder.Root, name);
        var path = _folder.Text("optimisation_set.star", text.Replace("PARTICLES", Named(set.ParticleFile), StringComparison.Ordinal)
            .Replace("TOMOGRAMS", Named(set.TomogramFile), StringComparison.Ordinal));
        var found = OptimisationSet.Read(path, null)!;
        Assert.Equal((set.ParticleFile, set.TomogramFile), (found.Particles, found.Tomograms));
        Assert.Null(OptimisationSet.Read(set.ParticleFile, null));
        TestFolder.Fails(() => StarParticles.Open(path).Dispose(), "optimisation_set.star", "gmm convert");
        File.Delete(set.TomogramFile);
        TestFolder.Fails(() => OptimisationSet.Read(path, null), "optimisation_set.star", "rlnTomoTomogramsFile", "there is no file");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Poses_that_were_refined_as_series_go_back_into_the_particles(bool isRelion5)
    {
        var set = new TiltSet(_folder, isRelion5, allFrames: false);
        Expand(set);

        // The same particles at other poses, whose tilts are what a refinement has found.
        for (var p = 0; p < 3; p++)
        {
            for (var k = 0; k < 3; k++)
            {
                set.Particles[p].Angles[k] += 4 - (2 * k) + p;
                set.Particles[p].Offset[k] += 3 - (2 * k) - p;
            }
        }

        using (var tilts = StarParticles.Open(_folder["tilts.star"]))
        {
            var i = 0;
            var poses = new Pose[tilts.Particles.Count];
            for (var p = 0; p < 3; p++)
            {
                foreach (var frame in TiltSet.VisibleFrames(p))
                {
                    var (x, y, _) = set.See(p, frame, [0, 0, 0]);
                    double[][] axes = [.. Enumerable.Range(0, 3).Select(k => See(set, p, frame, k, x, y))];
                    var r = new Rotation(
                        axes[0][0], axes[1][0], axes[2][0], axes[0][1], axes[1][1], axes[2][1],
                        (axes[1][0] * axes[2][1]) - (axes[2][0] * axes[1][1]), (axes[2][0] * axes[0][1]) - (axes[0][0] * axes[2][1]),
                        (axes[0][0] * axes[1][1]) - (axes[1][0] * axes[0][1]));
                    poses[i++] = new Pose(r.Orthonormalized(), x, y);
                }
            }

            tilts.WriteStar(_folder["run_data.star"], poses);
        }

        var back = TiltCollapse.Write(_folder["run_data.star"], set.ParticleFile, set.TomogramFile, _folder["back.star"], null, overwrite: false);
        Assert.Equal((12, 3), (back.Images, back.Particles));
        Assert.InRange(back.FarthestDegrees, 0, 1e-5);
        var (before, after) = (StarFile.Read(set.ParticleFile), StarFile.Read(_folder["back.star"]));
        Assert.Equal(before.Blocks.Select(b => b.Name), after.Blocks.Select(b => b.Name));
        var (old, table) = (before.Find("particles")!.Table!, after.Find("particles")!.Table!);
        for (var p = 0; p < 3; p++)
        {
            var angles = set.Particles[p].Angles;
            var found = Rotation.FromEuler(new EulerAngles(
                table.GetDouble(p, "rlnAngleRot"), table.GetDouble(p, "rlnAngleTilt"), table.GetDouble(p, "rlnAnglePsi")));
            Assert.InRange(found.AngleTo(Rotation.FromEuler(new EulerAngles(angles[0], angles[1], angles[2]))), 0, 1e-6);
            Assert.Equal(set.Particles[p].Offset[0], table.GetDouble(p, "rlnOriginXAngst"), 4);
            Assert.Equal(set.Particles[p].Offset[1], table.GetDouble(p, "rlnOriginYAngst"), 4);
            Assert.Equal(set.Particles[p].Offset[2], table.GetDouble(p, "rlnOriginZAngst"), 4);
        }

        Assert.Equal(old.GetColumn("rlnOther"), table.GetColumn("rlnOther"));
        Assert.Equal(old.GetColumn("rlnTomoSubtomogramTilt"), table.GetColumn("rlnTomoSubtomogramTilt"));
    }

    [Theory]
    [InlineData("particles.star", "[0,1,1,1,1]", "[0,1,1,1]", "row 42, rlnTomoVisibleFrames: needs a 0 or 1 for each of the 5 frames")]
    [InlineData("particles.star", "[0,1,1,1,1]", "[0,0,1,1,1]", "row 42, rlnImageName: the stack has 4 images, but 3 of 5 frames are visible")]
    [InlineData("particles.star", "TS_02 TS_02/2", "TS_03 TS_02/2", "row 44, rlnTomoName: there is no tomogram TS_03 in ")]
    [InlineData("particles.star", "sub_1.mrcs", "sub_9.mrcs", "row 43, rlnImageName: the stack sub_9.mrcs does not exist")]
    [InlineData("particles.star", "_rlnAngleRot", "_rlnAngleNone", "particles.star, rlnAngleRot: the column is missing")]
    [InlineData("tomograms.star", ",77]", ",x]", "is no list of numbers such as")]
    [InlineData("tomograms.star", "[0", "[9", "rlnTomoProjX: the matrix is no rotation")]
    [InlineData("tomograms.star", "data_TS_02", "data_TS_05", "rlnTomoName: there are no tilts of TS_02")]
    [InlineData("tomograms.star", "TS_02 4000", "TS_01 4000", "rlnTomoName: the tomogram TS_01 is there twice")]
    public void What_cannot_be_is_told_with_its_place(string file, string old, string now, string problem)
    {
        var set = new TiltSet(_folder, isRelion5: false, allFrames: false);
        var text = File.ReadAllText(_folder[file]);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        _folder.Text(file, text[..at] + now + text[(at + old.Length)..]);
        TestFolder.Fails(() => Expand(set), problem);
        Assert.False(File.Exists(_folder["tilts.star"]));
    }

    [Fact]
    public void Tilts_of_other_particles_or_of_no_series_do_not_go_back()
    {
        var set = new TiltSet(_folder, isRelion5: true, allFrames: false);
        Expand(set);
        var file = StarFile.Read(_folder["tilts.star"]);
        var table = file.Find("particles")!.Table!;
        void Fails(string label, string value, string problem)
        {
            var kept = table.GetColumn(label);
            table.SetColumn(label, [value, .. kept.Skip(1)]);
            file.Write(_folder["other.star"], overwrite: true);
            table.SetColumn(label, kept);
            TestFolder.Fails(
                () => TiltCollapse.Write(_folder["other.star"], set.ParticleFile, set.TomogramFile, _folder["b.star"], null, false), problem);
        }

        Fails("gmmTiltParticle", "9", "gmmTiltParticle: 9 is no row of the 3 particles");
        Fails("gmmTiltParticle", "3", "rlnTomoName: is of another tomogram than particle 3");
        Fails("gmmTiltFrame", "6", "gmmTiltFrame: 6 is no frame of TS_01, which has 5");
        Fails("rlnAngleRot", "0", "disagree by");
    }

    private static double[] See(TiltSet set, int particle, int frame, int axis, double x, double y)
    {
        var (u, v, _) = set.See(particle, frame, [axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0]);
        return [u - x, v - y];
    }

    private TiltExpansion Expand(TiltSet set) => TiltExpansion.Write(set.ParticleFile, set.TomogramFile, _folder["tilts.star"], null, overwrite: false);
}
