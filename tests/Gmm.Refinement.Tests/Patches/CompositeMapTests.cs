using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class CompositeMapTests
{
    private const int Box = 12;

    [Property]
    public Property Identical_inputs_give_the_identical_map_bit_for_bit() =>
        Prop.ForAll(Gen.Choose(1, 100000).ToArbitrary(), Gen.Choose(0, 6).ToArbitrary(), (seed, patches) =>
        {
            var random = new Random(seed);
            var map = Map(random, 1);
            var merged = CompositeMap.Merge(map, [.. Enumerable.Repeat(map, patches)], [.. Enumerable.Range(0, patches).Select(_ => Mask(random))]);
            Assert.Equal(map.Voxels, merged.Voxels);
            Assert.Equal(1, merged.Half);
        });

    [Property]
    public void Weights_are_those_of_the_formula_and_sum_to_1(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var consensus = Map(random, 2);
        HalfMap[] maps = [Map(random, 2), Map(random, 2), Map(random, 2)];
        SolventMask[] masks = [Mask(random), Mask(random), Mask(random)];
        var merged = CompositeMap.Merge(consensus, maps, masks);
        var share = CompositeMap.ConsensusShare(masks);
        for (var i = 0; i < merged.Voxels.Length; i++)
        {
            var at = i;
            double[] m = [.. masks.Select(k => (double)k.Voxels[at])];
            var rest = Math.Max(0, 1 - m.Sum());
            double[] weights = [.. m.Select(w => w / (m.Sum() + rest)), rest / (m.Sum() + rest)];
            Assert.Equal(1, weights.Sum(), 1e-12);
            Assert.Equal(weights[^1], share.Voxels[i], 1e-6);
            Assert.Equal(maps.Zip(weights, (a, w) => w * a.Voxels[at]).Sum() + (weights[^1] * consensus.Voxels[at]), merged.Voxels[i], 1e-5);
        }
    }

    [Fact]
    public void Halves_are_merged_apart_and_grids_must_agree()
    {
        var random = new Random(3);
        HalfMap one = Map(random, 1), two = Map(random, 2);
        var mask = Mask(random);
        Assert.Contains("half 2", Assert.Throws<InvalidInputException>(() => CompositeMap.Merge(one, [two], [mask])).Message, StringComparison.Ordinal);
        var large = new SolventMask(14, 1, [.. Enumerable.Repeat(1f, 14 * 14 * 14)]);
        Assert.Contains(
            "differ in box: 12 and 14", Assert.Throws<InvalidInputException>(() => CompositeMap.Merge(one, [one], [large])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CompositeMap.Merge(one, [one], []));
    }

    private static HalfMap Map(Random random, int half) => new(Box, 1, Values(random, () => (float)Draw.Normal(random)), half);

    private static SolventMask Mask(Random random) => new(Box, 1, Values(random, () => (float)Math.Clamp((1.6 * random.NextDouble()) - 0.3, 0, 1)));

    private static float[] Values(Random random, Func<float> value)
    {
        _ = random;
        return [.. Enumerable.Range(0, Box * Box * Box).Select(_ => value())];
    }
}
