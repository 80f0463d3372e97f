using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Simulation.Tests;

public class SimulatedDeterminismTests
{
    [Fact]
    public void One_thread_and_two_give_the_same_bits()
    {
        var atoms = SimulationTestData.Ball(100, 15);
        var options = SimulationTestData.Options(37, 24);
        var (one, two) = (new ParticleSimulator(atoms, options, new() { Threads = 1 }), new ParticleSimulator(atoms, options, new() { Threads = 2 }));
        Assert.Equal(one.Gain, two.Gain);
        var (a, b) = (All(one), All(two));
        Assert.Equal(37 * 24 * 24, a.Count);
        Assert.Equal(a, b);
        Assert.Equal(one.RenderTrueMap().Voxels, two.RenderTrueMap().Voxels);
    }

    [Fact]
    public void A_source_gives_the_images_of_the_stream_in_any_order()
    {
        var simulator = new ParticleSimulator(SimulationTestData.Ball(100, 15), SimulationTestData.Options(5, 24));
        var all = All(simulator);
        var source = simulator.AsSource(disturbed: true);
        var image = new float[24 * 24];
        foreach (var i in new[] { 3, 0, 4, 1, 2 })
        {
            source.ReadImage(i, image);
            Assert.Equal(all.GetRange(i * image.Length, image.Length), image);
        }

        Assert.NotEqual(source.Particles[0].Pose, simulator.TrueParticles[0].Pose);
        Assert.Equal(24, source.OpticsGroups[source.Particles[0].OpticsIndex].ImageSize);
    }

    [Fact]
    public void Another_seed_gives_other_particles()
    {
        var atoms = SimulationTestData.Ball(50, 15);
        var (a, b) = (
            new ParticleSimulator(atoms, SimulationTestData.Options(2, 24)),
            new ParticleSimulator(atoms, SimulationTestData.Options(2, 24), new() { Seed = 2 }));
        Assert.NotEqual(a.TrueParticles[0].Pose, b.TrueParticles[0].Pose);
        Assert.NotEqual(All(a), All(b));
    }

    [Fact]
    public void Given_orientations_and_defoci_are_used_in_turn()
    {
        var views = new[] { Rotation.Identity, Rotation.FromEuler(new(10, 20, 30)) };
        var ctfs = new[] { new CtfParameters { DefocusU = 11000, DefocusV = 10000 } };
        var options = SimulationTestData.Options(3, 24) with { Orientations = views, Ctfs = ctfs };
        var simulator = new ParticleSimulator(SimulationTestData.Ball(50, 15), options);
        Assert.Equal([views[0], views[1], views[0]], simulator.TrueParticles.Select(p => p.Pose.Rotation));
        Assert.All(simulator.TrueParticles, p => Assert.Equal(11000, p.Ctf.DefocusU));
    }

    [Fact]
    public void Bad_input_is_named()
    {
        var atoms = SimulationTestData.Ball(50, 40);
        var tooSmall = Assert.Throws<InvalidInputException>(() => new ParticleSimulator(atoms, SimulationTestData.Options(1, 24)));
        Assert.Contains("a box of", tooSmall.Message, StringComparison.Ordinal);
        SimulatedAtom[] unknown = [new(0, 0, 0, "Xx", 0, 1)];
        Assert.Contains(
            "'Xx'", Assert.Throws<InvalidInputException>(() => new ParticleSimulator(unknown, SimulationTestData.Options())).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new ParticleSimulator([], SimulationTestData.Options()));
        var negative = SimulationTestData.Options() with { PixelSize = -1 };
        Assert.Contains("PixelSize", Assert.Throws<InvalidInputException>(() => new ParticleSimulator(atoms, negative)).Message, StringComparison.Ordinal);
    }

    private static List<float> All(ParticleSimulator simulator)
    {
        var all = new List<float>();
        simulator.Render((index, pixels) =>
        {
            Assert.Equal(all.Count, index * pixels.Length);
            all.AddRange(pixels);
        });
        return all;
    }
}
