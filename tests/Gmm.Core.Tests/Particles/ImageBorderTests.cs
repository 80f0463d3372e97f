using Gmm.Testing;

namespace Gmm.Core.Tests;

public class ImageBorderTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(63)]
    [InlineData(12)]
    public void A_plane_without_noise_is_found_and_taken_off(int size)
    {
        // v = 7 + 3 x - 2 y in units of half the box from the middle of the pixels, and a strong disc in the middle that is no background.
        var image = Image(size, (x, y) => 7 + (3 * x) - (2 * y) + (Math.Sqrt((x * x) + (y * y)) < 0.5 ? 100 : 0)
            + (((int)((x + 2) * 1000) + (int)((y + 2) * 1000)) % 2 == 0 ? 0.01 : -0.01));
        var border = new ImageBorder(size);
        var found = border.Measure(image, new int[border.ScratchLength]);
        Assert.Equal(ImageKind.Ordinary, found.Kind);
        Assert.Equal(7, found.Mean, 0.02);
        Assert.Equal(3, found.SlopeX, 0.02);
        Assert.Equal(-2, found.SlopeY, 0.02);
        Assert.InRange(found.Deviation, 0.0085, 0.0115);
        border.Apply(image, found.Mean, found.SlopeX, found.SlopeY, 2, null);
        Assert.InRange(image[0], -0.1, 0.1);
        Assert.Equal(200, image[(size / 2 * size) + (size / 2)], 0.2);
    }

    [Fact]
    public void The_standard_deviation_is_that_of_the_noise_whatever_the_mean_and_whatever_single_pixels_hold()
    {
        var random = new Random(3);
        var noise = Image(128, (_, _) => 2 * Draw.Normal(random));
        var border = new ImageBorder(128);
        var scratch = new int[border.ScratchLength];
        var plain = border.Measure(noise, scratch);
        Assert.InRange(plain.Deviation, 1.96, 2.04);
        Assert.InRange(plain.Mean, -0.08, 0.08);
        Assert.InRange(plain.InsideDeviation, 1.95, 2.05);

        float[] raised = [.. noise.Select(v => v + 1000)], hot = [.. noise];
        Assert.Equal(plain.Deviation, border.Measure(raised, scratch).Deviation, 0.001);
        (hot[5], hot[700]) = (3000, -40000);
        var spoilt = border.Measure(hot, scratch);
        Assert.Equal(plain.Deviation, spoilt.Deviation, 0.01);
        Assert.Equal(plain.Mean, spoilt.Mean, 0.01);
    }

    [Fact]
    public void A_masked_image_is_measured_inside_its_mask_and_stays_zero_outside()
    {
        var random = new Random(4);
        var image = Image(64, (x, y) => (x * x) + (y * y) > 0.9 ? 5 : 20 + (4 * Draw.Normal(random)));
        var border = new ImageBorder(64);
        var found = border.Measure(image, new int[border.ScratchLength]);
        Assert.Equal(ImageKind.Masked, found.Kind);
        Assert.Equal(5, found.Fill);
        Assert.InRange(found.Mean, 19.4, 20.6);
        Assert.InRange(found.Deviation, 3.5, 4.5);
        border.Apply(image, found.Mean, found.SlopeX, found.SlopeY, 0.25f, found.Fill);
        Assert.Equal(0, image[0]);
        Assert.InRange(image.Where(v => v != 0).Average(), -0.1, 0.1);
    }

    [Fact]
    public void An_image_without_a_border_or_without_anything_is_told()
    {
        var random = new Random(5);
        ImageKind Kind(float[] image)
        {
            var border = new ImageBorder((int)Math.Sqrt(image.Length));
            return border.Measure(image, new int[border.ScratchLength]).Kind;
        }

        Assert.Equal(ImageKind.Constant, Kind(Image(32, (_, _) => 3)));
        Assert.Equal(ImageKind.NoBorder, Kind(Image(4, (_, _) => Draw.Normal(random))));
        Assert.Equal(ImageKind.NoBorder, Kind(Image(1, (_, _) => 1).Concat(new float[3]).ToArray()));
        Assert.Equal(ImageKind.Masked, Kind(Image(32, (x, y) => (x * x) + (y * y) < 0.3 ? Draw.Normal(random) : 0)));
    }

    private static float[] Image(int size, Func<double, double, double> value)
    {
        var image = new float[size * size];
        for (var i = 0; i < image.Length; i++)
        {
            image[i] = (float)value(((i % size) - (0.5 * (size - 1))) / (0.5 * size), ((i / size) - (0.5 * (size - 1))) / (0.5 * size));
        }

        return image;
    }
}
