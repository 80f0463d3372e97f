using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Poses, images and CTFs mean what RELION 3.1.3 means by them; Data/relion_project/README.md says how the oracle was made.</summary>
public class RelionProjectionTests
{
    [Theory]
    [InlineData("plain", "even", false)]
    [InlineData("plain", "even", true)]
    [InlineData("plain", "odd", false)]
    [InlineData("plain", "odd", true)]
    [InlineData("ctf", "even", false)]
    [InlineData("ctf", "even", true)]
    [InlineData("ctf", "odd", false)]
    [InlineData("ctf", "odd", true)]
    public void Projections_are_those_of_relion_project(string kind, string parity, bool direct)
    {
        using var oracle = new RelionProjection(kind, parity);
        var projector = oracle.Projector(direct);
        Assert.Equal(6, oracle.Particles.Count);
        for (var i = 0; i < oracle.Particles.Count; i++)
        {
            var particle = oracle.Particles[i];
            var (correlation, ratio) = RelionProjection.Compare(
                oracle.Project(projector, particle.Pose, kind == "ctf" ? particle.Ctf : null), oracle.Image(i));
            Assert.True(correlation >= 0.999, $"image {i + 1}: correlation {correlation}");
            // RELION undoes the fading of its interpolation in real space, which an image that needs none of it, as along an axis, does not ask for.
            Assert.Equal(1, ratio, 0.04);
        }
    }

    [Theory]
    [InlineData("even")]
    [InlineData("odd")]
    public void Other_conventions_are_told_apart(string parity)
    {
        using var oracle = new RelionProjection("plain", parity);
        var projector = oracle.Projector(direct: false);

        // The first pose has no rotation, which its transpose does not change.
        for (var i = 1; i < oracle.Particles.Count; i++)
        {
            var image = oracle.Image(i);
            var p = oracle.Particles[i].Pose;
            Pose[] wrong =
            [
                p with { Rotation = p.Rotation.Transpose() },
                p with { ShiftX = -p.ShiftX, ShiftY = -p.ShiftY },
                p with { ShiftX = p.ShiftY, ShiftY = p.ShiftX },
                p with { ShiftX = p.ShiftX + oracle.Model.PixelSize, ShiftY = p.ShiftY + oracle.Model.PixelSize },
            ];
            Assert.All(wrong, pose =>
            {
                var (correlation, _) = RelionProjection.Compare(oracle.Project(projector, pose, null), image);
                Assert.True(correlation < 0.95, $"image {i + 1}: correlation {correlation} at a wrong pose");
            });
        }
    }

    [Theory]
    [InlineData("even")]
    [InlineData("odd")]
    public void An_image_with_a_ctf_is_the_plain_image_times_the_ctf(string parity)
    {
        using var plain = new RelionProjection("plain", parity);
        using var withCtf = new RelionProjection("ctf", parity);
        var transfer = new float[plain.Disc.Count];
        for (var i = 0; i < plain.Particles.Count; i++)
        {
            var (re, im) = plain.Image(i);
            var (expectedRe, expectedIm) = withCtf.Image(i);
            Ctf.FillTransfer(plain.Particles[i].Ctf, CtfState.Unmodified, plain.Disc, transfer);
            double error = 0, norm = 0;
            for (var k = 0; k < transfer.Length; k++)
            {
                var (dr, di) = ((re[k] * transfer[k]) - expectedRe[k], (im[k] * transfer[k]) - expectedIm[k]);
                error += (dr * dr) + (di * di);
                norm += (expectedRe[k] * expectedRe[k]) + (expectedIm[k] * expectedIm[k]);
            }

            Assert.True(Math.Sqrt(error / norm) < 2e-4, $"image {i + 1}: differs by {Math.Sqrt(error / norm)}");
        }
    }
}
