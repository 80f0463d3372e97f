using Gmm.IO;
using Gmm.Simulation;
using Gmm.Testing;

namespace Gmm.Cli.Tests;

/// <summary>A model that is not where the map has density is told; one that is passes, even in a noisy map.</summary>
public sealed class ModelPlaceTests : IDisposable
{
    private const string Said = "at the atoms is no higher than elsewhere";

    private readonly Tool _tool = new();
    private readonly string _map;
    private readonly string _right;
    private readonly string _wrong;

    public ModelPlaceTests()
    {
        Tool.Run("simulate", _tool.WriteModel(), "--out", _tool["sim"], "--particles", "2", "--box", "40", "--pixel-size", "2.5", "--snr", "2")
            .RequireSuccess();
        (_right, _map, _wrong) = (_tool["sim/model.cif"], _tool["sim/true_map.mrc"], _tool["wrong.cif"]);
        AtomicModelFile.WriteCif(_wrong, AtomicInput.Moved(AtomicModelFile.Read(_right), (0, 0, 0), (30, 0, 0)));
    }

    [Fact]
    public void Qscore_fsc_and_mask_warn_of_a_model_in_another_frame_only()
    {
        foreach (var (model, warned) in new[] { (_right, false), (_wrong, true) })
        {
            foreach (var args in new string[][]
            {
                ["qscore", _map, model, "--out", _tool["q"], "--overwrite"],
                ["fsc", _map, "--model", model],
                ["mask", _map, "--model", model, "--out", _tool["m.mrc"], "--overwrite"],
            })
            {
                var run = Tool.Run(args);
                run.RequireSuccess();
                Assert.Equal(warned ? 1 : 0, run.Error.Split($"{model}: the density of {_map} {Said}").Length - 1);
                Assert.Equal(warned, run.Error.Contains("fit it first (ChimeraX: fitmap), or try --centre-model", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Noise_of_twice_the_map_hides_neither_and_noise_alone_is_told()
    {
        var map = MrcFile.ReadVolume(_map);
        var deviation = Math.Sqrt(map.Voxels.Average(v => (double)v * v));
        for (var seed = 0; seed < 5; seed++)
        {
            Assert.Null(Warning(Noisy(1), _right));
            Assert.Contains(Said, Warning(Noisy(1), _wrong), StringComparison.Ordinal);
            Assert.Contains(Said, Warning(Noisy(0), _right), StringComparison.Ordinal);

            MrcVolume Noisy(float signal)
            {
                var random = new Random(seed);
                return map with { Voxels = [.. map.Voxels.Select(v => (float)((signal * v) + (2 * deviation * Draw.Normal(random))))] };
            }
        }
    }

    [Fact]
    public void A_map_without_values_says_nothing_of_the_frame()
    {
        var map = MrcFile.ReadVolume(_map);
        Assert.Null(Warning(map with { Voxels = new float[map.Voxels.Length] }, _wrong));
    }

    public void Dispose() => _tool.Dispose();

    private static string? Warning(MrcVolume map, string model) =>
        ModelPlace.Warning(map, "map.mrc", SimulatedAtom.FromModel(AtomicModelFile.Read(model), false, false), model, centred: true);
}
