using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Gmm.Core.Tests;

/// <summary>Zernike terms, beam tilt and magnification against their closed forms.</summary>
public class AberrationTests
{
    [Fact]
    public void Terms_are_in_the_order_of_relions_columns()
    {
        // rlnOddZernike: tilt-like, then trefoil and coma; rlnEvenZernike: constant, astigmatism and defocus, then tetrafoil and on.
        Assert.Equal([(1, -1), (1, 1), (3, -3), (3, -1), (3, 1), (3, 3), (5, -5), (5, -3)], Enumerable.Range(0, 8).Select(Zernike.Odd));
        Assert.Equal([(0, 0), (2, -2), (2, 0), (2, 2), (4, -4), (4, -2), (4, 0), (4, 2), (4, 4), (6, -6)], Enumerable.Range(0, 10).Select(Zernike.Even));
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(i, Zernike.OddIndex(Zernike.Odd(i).N, Zernike.Odd(i).M)));
        Assert.Equal([2, 6, 12, 20], new[] { 1, 3, 5, 7 }.Select(Zernike.OddCount));
    }

    [Property]
    public void The_polynomials_are_those_of_the_textbook(int a, int b)
    {
        double x = a / 1000.0 % 1, y = b / 1000.0 % 1, rho = Math.Sqrt((x * x) + (y * y)), phi = Math.Atan2(y, x);
        void Is(double expected, int n, int m) => Assert.Equal(expected, Zernike.Value(n, m, x, y), 1e-12);
        Is(1, 0, 0);
        Is(rho * Math.Cos(phi), 1, 1);
        Is(rho * rho * Math.Sin(2 * phi), 2, -2);
        Is((2 * rho * rho) - 1, 2, 0);
        Is(((3 * rho * rho * rho) - (2 * rho)) * Math.Sin(phi), 3, -1);
        Is(rho * rho * rho * Math.Cos(3 * phi), 3, 3);
        Is((6 * Math.Pow(rho, 4)) - (6 * rho * rho) + 1, 4, 0);
        Is(((4 * Math.Pow(rho, 4)) - (3 * rho * rho)) * Math.Cos(2 * phi), 4, 2);
        Is(((10 * Math.Pow(rho, 5)) - (12 * Math.Pow(rho, 3)) + (3 * rho)) * Math.Cos(phi), 5, 1);
    }

    [Fact]
    public void Even_terms_and_magnification_agree_with_the_image_of_a_point_of_relion_project()
    {
        var ctf = new CtfParameters { DefocusU = 9000, DefocusV = 8600, DefocusAngleDegrees = 33 };
        var lenses = new Aberrations(even: [0.1, 0.2, -0.3, 0.4, 6, 0.5, -0.6, 0.7, 4], magnification: new Magnification(1.012, 0.004, 0.006, 0.990));
        var image = ReadImage("relion_even_aberrations_px1.5_box64.mrc");
        foreach (var (kx, ky) in Frequencies(0.98 / 3))
        {
            var (x, y) = lenses.Magnification.Apply(kx, ky);
            var (re, im) = Transform(image, kx, ky);
            Assert.Equal(Ctf.Evaluate(ctf, x, y, lenses), re, 1e-5);
            Assert.Equal(0, im, 1e-5);
        }
    }

    [Fact]
    public void Odd_terms_agree_with_what_relion_reconstruct_takes_out_of_the_image_of_a_point()
    {
        var lambda = new CtfParameters { DefocusU = 0, DefocusV = 0 }.WavelengthAngstrom;
        var tilt = Aberrations.BeamTilt(12, -8, 0.1, lambda);
        var lenses = new Aberrations(tilt.Zip([0.1, -0.2, 5, 0, 0, -4], (a, b) => a + b).ToArray());
        var image = ReadImage("relion_odd_aberrations_px1.5_box64.mrc");
        double worst = 0, largest = 0;
        foreach (var (kx, ky) in Frequencies(0.25).Where(k => k != (0, 0)))
        {
            var (re, im) = Transform(image, kx, ky);
            var odd = lenses.OddPhase(kx, ky);
            worst = Math.Max(worst, Math.Abs(Math.IEEERemainder(Math.Atan2(im, re) + odd, 2 * Math.PI)));
            largest = Math.Max(largest, Math.Abs(odd));
        }

        Assert.InRange(worst, 0, 0.01);
        Assert.True(largest > 0.5);
    }

    [Property]
    public void Beam_tilt_is_its_cubic_phase(int tx, int ty, int a, int b)
    {
        double x = a / 1000.0 % 0.5, y = b / 1000.0 % 0.5, tiltX = tx % 5, tiltY = ty % 5;
        const double cs = 2.7, lambda = 0.0196875;
        var aberrations = new Aberrations(Aberrations.BeamTilt(tiltX, tiltY, cs, lambda));
        var expected = -2e4 * Math.PI * cs * lambda * lambda * ((tiltX * x) + (tiltY * y)) * ((x * x) + (y * y));
        Assert.Equal(expected, aberrations.OddPhase(x, y), 1e-9 * (1 + Math.Abs(expected)));
        Assert.Equal(-expected, aberrations.OddPhase(-x, -y), 1e-9 * (1 + Math.Abs(expected)));
        Assert.Equal(0, aberrations.EvenPhase(x, y));
    }

    [Fact]
    public void Even_terms_are_a_part_of_the_contrast_transfer_in_both_ways_of_computing_it()
    {
        var ctf = new CtfParameters { DefocusU = 12000, DefocusV = 11500, DefocusAngleDegrees = 20, PhaseShiftDegrees = 10, BFactor = 30 };
        var disc = new FourierDisc(boxLength: 120, radius: 40);
        var aberrations = new Aberrations(even: [0.1, 2, -3, 0.5, 40, 0, -25, 3, 60]);
        float[] slow = new float[disc.Count], fast = new float[disc.Count], without = new float[disc.Count];
        foreach (var state in new[] { CtfState.Unmodified, CtfState.PhaseFlipped, CtfState.Premultiplied, CtfState.None })
        {
            Ctf.FillTransfer(ctf, state, disc, slow, aberrations);
            new CtfEvaluator(disc, aberrations).FillTransfer(ctf, state, fast);
            Assert.All(Enumerable.Range(0, disc.Count), i => Assert.Equal(slow[i], fast[i], 2e-6f));
        }

        // By hand, at one frequency: the phase of underfocus less the even phase.
        double kx = 20 / 120.0, ky = 11 / 120.0;
        Ctf.FillTransfer(ctf, CtfState.Unmodified, disc, without);
        var i = Enumerable.Range(0, disc.Count).Single(j => disc.Kx[j] == 20 && disc.Ky[j] == 11);
        Ctf.FillTransfer(ctf, CtfState.Unmodified, disc, slow, aberrations);
        var plain = Ctf.Evaluate(ctf, kx, ky);
        var quadrature = Ctf.Evaluate(ctf with { PhaseShiftDegrees = ctf.PhaseShiftDegrees + 90 }, kx, ky);
        var even = aberrations.EvenPhase(kx, ky);
        Assert.True(Math.Abs(even) > 0.5);
        Assert.Equal((plain * Math.Cos(even)) - (quadrature * Math.Sin(even)), slow[i], 1e-6);
        Assert.NotEqual(without[i], slow[i], 0.1f);
    }

    [Property]
    public Property A_pose_goes_to_the_specimen_and_back(int a, int b, int c, int d)
    {
        double Part(int v) => v % 100 / 1000.0;
        var m = new Magnification(1 + Part(a), Part(b), Part(c), 1 + Part(d));
        var pose = Pose.FromRelion(new EulerAngles(a % 360, b % 180, c % 360), d % 50, a % 50);
        var specimen = m.ToSpecimen(pose);
        var back = m.ToImage(specimen);
        // A phase ramp is the same number in either plane: k . t = (M k) . t'.
        var (x, y) = m.Apply(0.1, -0.2);
        var same = Math.Abs((0.1 * pose.ShiftX) - (0.2 * pose.ShiftY) - (x * specimen.ShiftX) - (y * specimen.ShiftY)) < 1e-9;
        return (Math.Abs(back.ShiftX - pose.ShiftX) < 1e-9 && Math.Abs(back.ShiftY - pose.ShiftY) < 1e-9 && same).ToProperty();
    }

    [Theory]
    [InlineData(24, OddOrigin.Relion)]
    [InlineData(17, OddOrigin.Relion)]
    [InlineData(17, OddOrigin.Half)]
    public void A_magnified_image_is_read_between_its_pixels(int n, OddOrigin oddOrigin)
    {
        var random = new Random(5);
        float[] image = [.. Enumerable.Range(0, n * n).Select(_ => (float)(random.NextDouble() - 0.4))];
        var disc = new FourierDisc(n * 2.0, n / 2);
        var matrix = new Magnification(1.03, 0.02, -0.01, 0.96);
        var transform = new MagnifiedTransform(n, disc, matrix, oddOrigin);
        float[] re = new float[disc.Count], im = new float[disc.Count];
        transform.Forward(image, re, im, new float[transform.ScratchLength]);
        var rms = Math.Sqrt(image.Sum(v => v * v));
        var origin = DiscTransform.OriginPixel(n, oddOrigin);
        for (var i = 0; i < disc.Count; i++)
        {
            var (kx, ky) = matrix.Apply(disc.Kx[i], disc.Ky[i]);
            double a = 0, b = 0;
            for (var y = 0; y < n && transform.IsMeasured[i]; y++)
            {
                for (var x = 0; x < n; x++)
                {
                    var (sin, cos) = Math.SinCos(-2 * Math.PI * ((kx * (x - origin)) + (ky * (y - origin))) / n);
                    a += image[(y * n) + x] * cos;
                    b += image[(y * n) + x] * sin;
                }
            }

            Assert.Equal(a, re[i], 1e-4 * rms);
            Assert.Equal(b, im[i], 1e-4 * rms);
        }

        Assert.Equal(n % 2 == 0, transform.IsMeasured.Contains(false));
        Assert.True(transform.IsMeasured.ToArray().Count(m => !m) < disc.Count / 20);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Contains("no whole orders", Assert.Throws<ArgumentException>(() => new Aberrations([1, 2, 3])).Message);
        Assert.Contains("no whole orders", Assert.Throws<ArgumentException>(() => new Aberrations(even: [1, 2])).Message);
        Assert.Contains("too many", Assert.Throws<ArgumentException>(() => new Aberrations(even: new double[10000])).Message);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => new Aberrations([1, double.NaN])).Message);
        Assert.Contains("identity", Assert.Throws<ArgumentException>(() => new Aberrations(magnification: new(0, 1, 1, 0))).Message);
        Assert.Contains("identity", Assert.Throws<ArgumentException>(() => new Aberrations(magnification: new(1, double.NaN, 0, 1))).Message);
    }

    private const int RelionBox = 64;
    private const double RelionPixel = 1.5;

    private static float[] ReadImage(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", file));
        Assert.Equal(1024 + (4 * RelionBox * RelionBox), bytes.Length);
        return [.. Enumerable.Range(0, RelionBox * RelionBox).Select(i => BitConverter.ToSingle(bytes, 1024 + (4 * i)))];
    }

    /// <summary>Every third Fourier pixel of the half plane up to a frequency, 1/angstrom.</summary>
    private static IEnumerable<(double X, double Y)> Frequencies(double limit) =>
        from ky in Enumerable.Range(-10, 21)
        from kx in Enumerable.Range(0, 11)
        let x = 3 * kx / (RelionBox * RelionPixel)
        let y = 3 * ky / (RelionBox * RelionPixel)
        where (x * x) + (y * y) < limit * limit
        select (x, y);

    private static (double Re, double Im) Transform(float[] image, double kx, double ky)
    {
        double re = 0, im = 0;
        for (var i = 0; i < image.Length; i++)
        {
            double x = ((i % RelionBox) - (RelionBox / 2)) * RelionPixel, y = ((i / RelionBox) - (RelionBox / 2)) * RelionPixel;
            var (sin, cos) = Math.SinCos(-2 * Math.PI * ((kx * x) + (ky * y)));
            re += image[i] * cos;
            im += image[i] * sin;
        }

        return (re, im);
    }
}
