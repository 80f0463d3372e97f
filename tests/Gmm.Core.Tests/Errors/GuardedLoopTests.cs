namespace Gmm.Core.Tests;

public class GuardedLoopTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Of_many_bad_particles_the_first_in_their_order_is_told_and_the_others_are_done(int threads)
    {
        var done = new int[200];
        var bad = Enumerable.Range(0, done.Length).Select(n => new InvalidInputException($"particle {n}")).ToArray();
        var error = Assert.Throws<InvalidInputException>(() => Guarded.ForEachInOrder(
            done.Length, new ComputeOptions { Threads = threads }.Parallelism, n => done[n] = n is 57 or 58 or 199 ? throw bad[n] : 1));
        Assert.Same(bad[57], error);
        Assert.Equal(197, done.Sum());
    }
}
