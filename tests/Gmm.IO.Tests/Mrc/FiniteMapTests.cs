using Gmm.Core;

namespace Gmm.IO.Tests;

public sealed class FiniteMapTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Maps_and_stacks_that_are_not_finite_are_not_written(float value)
    {
        var voxels = new float[64];
        voxels[63] = value;
        var map = Assert.Throws<InvalidInputException>(() => MrcFile.WriteMap(_folder["m.mrc"], new DensityMap(4, 1.5, voxels)));
        Assert.Equal(_folder["m.mrc"], map.File);
        using (var stack = new MrcStackWriter(_folder["s.mrcs"], 8, 8, 1.5))
        {
            stack.Write(new float[64]);
            Assert.Equal(_folder["s.mrcs"], Assert.Throws<InvalidInputException>(() => stack.Write(voxels)).File);
        }

        Assert.Empty(Directory.GetFiles(_folder.Root));
        voxels[63] = float.MaxValue;
        MrcFile.WriteMap(_folder["m.mrc"], new DensityMap(4, 1.5, voxels));
        Assert.Equal(voxels, MrcFile.ReadMap(_folder["m.mrc"]).Voxels);
    }

    public void Dispose() => _folder.Dispose();
}
