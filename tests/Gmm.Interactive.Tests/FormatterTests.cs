using System.Buffers.Binary;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Maps;
using Gmm.Testing;
using Microsoft.DotNet.Interactive.Formatting;

namespace Gmm.Interactive.Tests;

/// <summary>What a cell's last value shows.</summary>
public class FormatterTests
{
    private static readonly GaussianModel s_model = Draw.Model(new Random(1), new ModelShape { Count = 40, Radius = 20, BoxSize = 32 });

    public FormatterTests() => GmmFormatters.Register();

    public static TheoryData<object, string> Values()
    {
        var map = RenderedMap.Of(s_model);
        var group = new OpticsGroup { PixelSize = 2.5, ImageSize = 32 };
        double[] falling = [.. Enumerable.Range(0, 17).Select(q => 1 / (1 + Math.Exp(q - 8.0)))];
        var latents = new LatentTable(["1@a", "2@a", "3@a"], [1, 2, 1], [[1, 2], [3, 4], [0, 1]], [[1, 1], [1, 1], [1, 1]]);
        return new()
        {
            { s_model, "40 Gaussians in a box of 80 Å" },
            { map, "32 x 32 x 32 voxels of 2.5 Å" },
            { ExactImages.Particles(s_model, [group], 6, 0.5, new Random(2)), "6 particles" },
            { new FscCurve(32, 2.5, falling), "FSC" },
            { latents, "latent points of 3 particles in 2 dimensions" },
        };
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_shows_a_picture_and_says_what_it_is(object value, string line)
    {
        Assert.Equal(["image/png", "text/plain"], Formatter.GetPreferredMimeTypesFor(value.GetType()));
        Assert.StartsWith(line, value.ToDisplayString("text/plain"), StringComparison.Ordinal);
        var png = Convert.FromBase64String(value.ToDisplayString("image/png"));
        Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(png, 1, 3));
        Assert.InRange(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), 200, 1200);
        Assert.InRange(png.Length, 2000, 200_000);
    }
}
