using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Where the images of a STAR file are looked for. The working folder of the tests has no stacks.</summary>
public sealed class ImageRootTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Names_are_found_from_the_files_folder_and_every_one_above()
    {
        Stack("project/Extract/a.mrcs", 1);
        foreach (var place in new[] { "project/Extract/in.star", "project/in.star", "project/Refine3D/job012/in.star", "project/x/y/z/in.star" })
        {
            using var particles = StarParticles.Open(Star(place, place.StartsWith("project/Extract", StringComparison.Ordinal) ? "a.mrcs" : "Extract/a.mrcs"));
            Assert.Equal(1, First(particles));
            Assert.Empty(particles.Warnings);
        }
    }

    [Fact]
    public void A_folder_that_is_no_path_is_passed_over()
    {
        Stack("project/a.mrcs", 1);
        var star = Star("project/in.star", "a.mrcs");
        File.WriteAllText(star, "# gmm image root: %00\n" + File.ReadAllText(star));
        using var particles = StarParticles.Open(star);
        Assert.Equal(1, First(particles));
    }

    [Fact]
    public void A_written_file_finds_its_images_from_any_folder()
    {
        Stack("sim/a.mrcs", 7);
        Directory.CreateDirectory(_folder["out/deep"]);
        Directory.CreateDirectory(_folder["else"]);
        using (var particles = StarParticles.Open(Star("sim/in.star", "a.mrcs")))
        {
            particles.WriteStar(_folder["out/deep/run.star"], [.. particles.Particles.Select(p => p.Pose)]);
        }

        var text = File.ReadAllText(_folder["out/deep/run.star"]);
        Assert.Contains("# gmm image root: ../../sim\n", text, StringComparison.Ordinal);
        Assert.Contains($"# gmm image root: {_folder["sim"]}\n", text, StringComparison.Ordinal);

        // Written on from there, moved alone, and moved together with its images: each finds them, and there is one set of comments.
        using (var again = StarParticles.Open(_folder["out/deep/run.star"]))
        {
            Assert.Equal(7, First(again));
            again.WriteSubset(_folder["else/next.star"], [1, 0]);
        }

        Assert.Equal(2, File.ReadAllText(_folder["else/next.star"]).Split("gmm image root").Length - 1);
        File.Move(_folder["else/next.star"], _folder["next.star"]);
        using (var moved = StarParticles.Open(_folder["next.star"]))
        {
            Assert.Equal(7, First(moved));
        }

        Directory.CreateDirectory(_folder["archive"]);
        Directory.Move(_folder["out"], _folder["archive/out"]);
        Directory.Move(_folder["sim"], _folder["archive/sim"]);
        using var together = StarParticles.Open(_folder["archive/out/deep/run.star"]);
        Assert.Equal(7, First(together));
    }

    [Fact]
    public void A_root_that_was_given_is_the_only_one_and_is_remembered()
    {
        Stack("a/x.mrcs", 1);
        Stack("b/x.mrcs", 2);
        var star = Star("a/in.star", "x.mrcs");
        using (var particles = StarParticles.Open(star, new StarParticlesOptions { Root = _folder["b"] }))
        {
            Assert.Equal(2, First(particles));
            particles.WriteStar(_folder["out.star"], [.. particles.Particles.Select(p => p.Pose)]);
        }

        using (var again = StarParticles.Open(_folder["out.star"]))
        {
            Assert.Equal(2, First(again));
        }

        Directory.CreateDirectory(_folder["c"]);
        TestFolder.Fails(
            () => StarParticles.Open(star, new StarParticlesOptions { Root = _folder["c"] }), "in.star, row",
            "the stack x.mrcs does not exist; looked in " + _folder["c"] + " (the root folder that was given)");
        TestFolder.Fails(
            () => StarParticles.Open(Star("a/no.star", "none.mrcs")), "the stack none.mrcs does not exist", "(the working folder)",
            _folder["a"] + " (the file's folder) and the folders above", "--root");
    }

    [Fact]
    public void Poses_read_without_images_are_written_with_the_root_they_would_have_had()
    {
        Stack("sim/a.mrcs", 3);
        using (var poses = StarParticles.Open(Star("sim/in.star", "a.mrcs"), new StarParticlesOptions { RequireImages = false, ImageSize = 4 }))
        {
            poses.WriteStar(_folder["1.star"], [.. poses.Particles.Select(p => p.Pose)]);
        }

        using (var particles = StarParticles.Open(_folder["1.star"]))
        {
            Assert.Equal(3, First(particles));
        }

        // What is remembered stays, even where nothing is found any more.
        File.Move(_folder["sim/a.mrcs"], _folder["away.mrcs"]);
        using (var poses = StarParticles.Open(_folder["1.star"], new StarParticlesOptions { RequireImages = false, ImageSize = 4 }))
        {
            poses.WriteStar(_folder["2.star"], [.. poses.Particles.Select(p => p.Pose)]);
        }

        Assert.Contains($"# gmm image root: {_folder["sim"]}\n", File.ReadAllText(_folder["2.star"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Different_files_of_one_name_are_said_and_copies_are_not()
    {
        Stack("p/a.mrcs", 1);
        Stack("p/job/a.mrcs", 2);
        using (var particles = StarParticles.Open(Star("p/job/in.star", "a.mrcs")))
        {
            Assert.Equal(2, First(particles));
            var warning = Assert.Single(particles.Warnings);
            Assert.Contains($"a.mrcs is in {_folder["p/job"]} (the file's folder) and another file of that name in {_folder["p"]} (above it); "
                + "the first is taken, --root", warning, StringComparison.Ordinal);
        }

        File.Copy(_folder["p/a.mrcs"], _folder["p/job/a.mrcs"], overwrite: true);
        using var same = StarParticles.Open(_folder["p/job/in.star"]);
        Assert.Empty(same.Warnings);
    }

    [Fact]
    public void Stacks_in_several_folders_are_all_remembered()
    {
        Stack("p/up.mrcs", 1);
        Stack("p/job/own.mrcs", 2);
        Directory.CreateDirectory(_folder["out"]);
        using (var particles = StarParticles.Open(Star("p/job/in.star", "own.mrcs", "up.mrcs")))
        {
            particles.WriteStar(_folder["out/run.star"], [.. particles.Particles.Select(p => p.Pose)]);
        }

        using var again = StarParticles.Open(_folder["out/run.star"]);
        Assert.Equal(2, First(again));
        Assert.Equal(1, First(again, 1));
    }

    [Theory]
    [InlineData("data_particles # version 3")]
    [InlineData("100% loop_ of it")]
    [InlineData("with blank and \u00e5")]
    public void Any_folders_name_can_be_remembered_and_none_reads_as_a_table(string name)
    {
        // RELION takes "data_" for the start of a table wherever it stands in a line before one.
        Stack(name + "/a.mrcs", 5);
        Directory.CreateDirectory(_folder["out"]);
        using (var particles = StarParticles.Open(Star(name + "/in.star", "a.mrcs")))
        {
            particles.WriteStar(_folder["out/run.star"], [.. particles.Particles.Select(p => p.Pose)]);
        }

        Assert.All(File.ReadLines(_folder["out/run.star"]).Where(l => l.StartsWith("# gmm", StringComparison.Ordinal)), l =>
        {
            Assert.DoesNotContain("data_", l, StringComparison.Ordinal);
            Assert.DoesNotContain("# version", l, StringComparison.Ordinal);
        });
        using var again = StarParticles.Open(_folder["out/run.star"]);
        Assert.Equal(5, First(again));
    }

    [Fact]
    public void A_new_file_remembers_the_root_it_is_given()
    {
        Stack("sim/a.mrcs", 4);
        var group = new OpticsGroup { Id = 1, Name = "g", PixelSize = 1, ImageSize = 4, CtfState = CtfState.Unmodified };
        var particle = new Particle(Pose.Identity, new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, 0, 1);
        StarParticles.WriteParticleStar(
            _folder["new.star"], [group], [particle, particle with { Half = 2 }], ["000001@a.mrcs", "000002@a.mrcs"], imageRoot: _folder["sim"]);
        using var particles = StarParticles.Open(_folder["new.star"]);
        Assert.Equal(4, First(particles));
    }

    public void Dispose() => _folder.Dispose();

    private static float First(StarParticles particles, int index = 0)
    {
        var pixels = new float[16];
        particles.ReadImage(index, pixels);
        return pixels[0];
    }

    /// <summary>A stack of two images whose first pixel is a number.</summary>
    private void Stack(string name, float first)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var stack = new MrcStackWriter(_folder[name], 4, 4, 1);
        var image = Enumerable.Range(0, 16).Select(i => (float)i).ToArray();
        image[0] = first;
        stack.Write(image);
        image[1] = 9;
        stack.Write(image);
        stack.Complete();
    }

    private string Star(string name, params string[] stacks)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        var rows = stacks.Length == 1 ? new[] { $"000001@{stacks[0]}", $"000002@{stacks[0]}" } : [.. stacks.Select(s => "000001@" + s)];
        return _folder.Text(name, """
            # version 30001

            data_optics

            loop_
            _rlnOpticsGroup #1
            _rlnOpticsGroupName #2
            _rlnVoltage #3
            _rlnSphericalAberration #4
            _rlnAmplitudeContrast #5
            _rlnImagePixelSize #6
            _rlnImageSize #7
            1 g 300 2.7 0.1 1.0 4

            # version 30001

            data_particles

            loop_
            _rlnImageName #1
            _rlnOpticsGroup #2
            _rlnDefocusU #3
            _rlnDefocusV #4
            _rlnDefocusAngle #5
            _rlnAngleRot #6
            _rlnAngleTilt #7
            _rlnAnglePsi #8
            _rlnOriginXAngst #9
            _rlnOriginYAngst #10
            _rlnRandomSubset #11

            """ + string.Concat(rows.Select((r, i) => $"{r} 1 10000 10000 0 10 20 30 0 0 {1 + (i % 2)}\n")));
    }
}
