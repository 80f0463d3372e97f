namespace Gmm.Core.Tests;

public class FourierDiscTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(34)]
    public void Holds_one_of_each_conjugate_pair_ring_by_ring(int radius)
    {
        var disc = new FourierDisc(100, radius);
        HashSet<(int, int)> seen = [];
        var ring = 0;
        for (var i = 0; i < disc.Count; i++)
        {
            int kx = disc.Kx[i], ky = disc.Ky[i], q = FourierDisc.RingOf(kx, ky);
            Assert.True(q >= ring, "rings ascend");
            ring = q;
            Assert.InRange(i, disc.RingStart(q), disc.RingStart(q + 1) - 1);
            Assert.True(seen.Add((kx, ky)));
            Assert.True((kx, ky) == (0, 0) || !seen.Contains((-kx, -ky)), "no conjugate");
            Assert.InRange(Math.Sqrt((kx * kx) + (ky * ky)), q - 0.5, q + 0.5);
        }

        // With the conjugates it is the whole disc.
        var whole = 0;
        for (var kx = -radius - 1; kx <= radius + 1; kx++)
        {
            for (var ky = -radius - 1; ky <= radius + 1; ky++)
            {
                whole += (kx * kx) + (ky * ky) < (radius + 0.5) * (radius + 0.5) ? 1 : 0;
            }
        }

        Assert.Equal(whole, (2 * disc.Count) - 1);
        Assert.Equal((0, 0), (disc.Kx[0], disc.Ky[0]));
        Assert.Equal(1, disc.CountWithin(0));
        Assert.Equal(disc.Count, disc.CountWithin(radius));
        Assert.Equal(disc.Count, disc.CountWithin(radius + 5));
    }

    [Fact]
    public void A_lower_resolution_is_the_start_of_a_higher_one()
    {
        FourierDisc small = new(100, 9), large = new(100, 21);
        Assert.Equal(small.Count, large.CountWithin(9));
        Assert.True(large.Kx[..small.Count].SequenceEqual(small.Kx));
        Assert.True(large.Ky[..small.Count].SequenceEqual(small.Ky));
    }

    [Theory]
    [InlineData(128, 1.0, 4.0, 32)]
    [InlineData(128, 1.0, 2.0, 63)]
    [InlineData(127, 1.0, 2.0, 63)]
    [InlineData(100, 3.54, 1e9, 1)]
    [InlineData(270, 1.06, 4.2, 68)]
    public void The_ring_of_a_resolution_is_rounded_down_within_nyquist(int size, double pixel, double resolution, int ring)
    {
        var disc = FourierDisc.ForResolution(size, pixel, resolution);
        Assert.Equal(ring, disc.Radius);
        Assert.Equal(ring, disc.RingOfResolution(resolution));
        Assert.Equal(size * pixel, disc.BoxLength);
    }

    [Fact]
    public void Senseless_discs_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierDisc(100, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierDisc(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FourierDisc(100, 16001));
    }
}
