namespace Gmm.Refinement.Tests;

public class StepGainTests
{
    /// <summary>Errors of two terms, 20 and -8 standard deviations, whose steps are a share of what is missing.</summary>
    [Theory]
    [InlineData(1.4)]
    [InlineData(1.6)]
    [InlineData(0.8)]
    [InlineData(1)]
    public void A_share_that_is_learnt_leaves_less_of_an_error(double share)
    {
        double Left(bool learns)
        {
            var (gain, before, errors) = (1.0, (double[]?)null, new double[] { 20, -8 });
            for (var n = 0; n < 3; n++)
            {
                double[] steps = [.. errors.Select(e => share * e)];
                gain = learns && before is not null ? StepGain.Of(gain, [.. before.Zip(steps)]) : 1;
                (before, errors) = (steps, [.. errors.Zip(steps, (e, s) => e - (gain * s))]);
            }

            return Math.Abs(errors[0]);
        }

        Assert.True(Left(true) <= Left(false) + 1e-9, $"{Left(true)} > {Left(false)}");
        Assert.True(Left(true) < 0.05, $"{Left(true)}");
    }

    [Fact]
    public void Small_steps_teach_nothing_and_wild_ones_little()
    {
        Assert.Equal(0.7, StepGain.Of(0.7, [(1, -1), (-1, 1)]));
        Assert.Equal(1, StepGain.Of(1, []));
        // Steps that turn back wholly, and steps that do not get shorter.
        Assert.Equal(0.6, StepGain.Of(1, [(10, -10)]));
        Assert.Equal(1.3, StepGain.Of(1, [(10, 9)]));
        Assert.Equal(1.3, StepGain.Of(1, [(10, 12)]));
    }
}
