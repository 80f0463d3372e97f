using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

/// <summary>What defocus moves out of the box, against images made in a box of twice the side and cut.</summary>
public class BoxCutTests
{
    private const int Views = 50;

    [Theory]
    [InlineData(9000)]
    [InlineData(12000)]
    public void Images_that_were_cut_from_larger_ones_are_predicted(double defocus)
    {
        var group = new OpticsGroup { Id = 1, Name = "g", ImageSize = 64, PixelSize = 1.5, CtfState = CtfState.Unmodified };
        var large = group with { ImageSize = 128 };
        var ctf = new CtfParameters { DefocusU = defocus, DefocusV = defocus };
        var model = Draw.Model(new Random(3), new ModelShape { Count = 100, Radius = 30, BoxSize = 64, PixelSize = 1.5, Widths = (0.8, 1) });
        var disc = FourierDisc.ForResolution(64, 1.5, 3.6);
        double[] ones = [.. Enumerable.Repeat(1.0, disc.Radius + 1)];
        var projector = Projectors.Direct.Create(model, disc);
        var scorer = new WhitenedCorrelationScorer(disc, Array.ConvertAll(ones, _ => 2.0), ones, 1, 0);
        var reference = new OpticsReference(projector, scorer, Projectors.Direct, ctf, []);
        float[] sine = new float[disc.Count], cosine = new float[disc.Count];
        var evaluator = new CtfEvaluator(disc);
        evaluator.FillTransfer(ctf, CtfState.Unmodified, sine);
        evaluator.FillTransfer(ctf.Quadrature, CtfState.Unmodified, cosine);
        float[] cutSine = [.. sine], cutCosine = [.. cosine];
        Cut(reference.Cut, ctf, cutSine, cutCosine);

        // D = (a sine + b cosine) P of all views, finer than 5 A: a is 1 and b is 0 where the transfer is right.
        double[] plain = new double[5], cut = new double[5];
        var random = new Random(5);
        var transform = new DiscTransform(64, disc);
        float[] re = new float[disc.Count], im = new float[disc.Count], pr = new float[disc.Count], pi = new float[disc.Count];
        var (scratch, work) = (projector.CreateScratch(), new float[transform.ScratchLength]);
        for (var v = 0; v < Views; v++)
        {
            var pose = Draw.Pose(random, 1);
            var wide = ExactImages.Of(model, large, pose, ctf, 0, random);
            var image = new float[64 * 64];
            for (var y = 0; y < 64; y++)
            {
                wide.AsSpan(((y + 32) * 128) + 32, 64).CopyTo(image.AsSpan(64 * y));
            }

            transform.Forward(image, re, im, work);
            projector.Project(pose, pr, pi, scratch);
            for (var i = disc.RingStart(disc.RingOfResolution(5)); i < disc.Count; i++)
            {
                var agreement = ((re[i] * pr[i]) + (im[i] * pi[i])) * Math.Pow(1.5, 3);
                var power = (pr[i] * pr[i]) + (pi[i] * pi[i]);
                Add(plain, agreement, power, sine[i], cosine[i]);
                Add(cut, agreement, power, cutSine[i], cutCosine[i]);
            }
        }

        var ((a0, b0), (a, b)) = (Solve(plain), Solve(cut));
        Assert.True(a0 < 0.9, $"little is lost: {a0}");
        Assert.True(defocus < 10000 || b0 < -0.01, $"no phase is lost: {b0}");
        Assert.InRange(a, 0.99, 1.01);
        Assert.InRange(b, -0.004, 0.004);
    }

    [Fact]
    public void Nothing_changes_where_nothing_leaves_the_box()
    {
        var ctf = new CtfParameters { DefocusU = 3000, DefocusV = 3000 };
        var disc = FourierDisc.ForResolution(OpticsTestData.Box, OpticsTestData.PixelSize, 6);
        double[] ones = [.. Enumerable.Repeat(1.0, disc.Radius + 1)];
        var scorer = new WhitenedCorrelationScorer(disc, ones, ones, 1, 0);
        var reference = new OpticsReference(Projectors.Direct.Create(OpticsTestData.Model, disc), scorer, Projectors.Direct, ctf, []);
        float[] sine = [.. Enumerable.Range(0, disc.Count).Select(i => (float)i)], cosine = [.. sine], before = [.. sine];
        Cut(reference.Cut, ctf, sine, cosine);
        Assert.Equal(before, sine);
        Assert.Equal(before, cosine);
    }

    private static void Add(double[] sums, double agreement, double power, double sine, double cosine)
    {
        sums[0] += power * sine * sine;
        sums[1] += power * sine * cosine;
        sums[2] += power * cosine * cosine;
        sums[3] += agreement * sine;
        sums[4] += agreement * cosine;
    }

    private static (double A, double B) Solve(double[] s)
    {
        var determinant = (s[0] * s[2]) - (s[1] * s[1]);
        return (((s[2] * s[3]) - (s[1] * s[4])) / determinant, ((s[0] * s[4]) - (s[1] * s[3])) / determinant);
    }

    private static void Cut(BoxCut cut, CtfParameters ctf, float[] sine, float[] cosine)
    {
        float[] share = new float[sine.Length], turned = new float[sine.Length];
        if (cut.Fill(ctf, share, turned))
        {
            BoxCut.Apply(share, turned, sine, cosine);
        }
    }
}
