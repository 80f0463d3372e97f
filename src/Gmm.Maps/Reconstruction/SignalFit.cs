namespace Gmm.Maps;

/// <summary>
/// Finds the strength of the signal in each image of a group, g(k) = s exp(-b k^2 / 4), and the probability that there is any, by empirical Bayes: s and b are
/// normal over the group, a share of the images holds noise alone, and means, spreads and share are those of greatest likelihood (EM).
/// </summary>
/// <remarks>
/// Each image's integral over s and b is Laplace's. A spread or a share that the likelihood does not ask for, by <see cref="LeastEvidence"/>, is none, and
/// where nothing is left all images stay as they were. docs/reconstruction.md.
/// </remarks>
internal sealed class SignalFit
{
    /// <summary>Fewest images of a group that tell a distribution.</summary>
    private const int LeastImages = 20;

    /// <summary>Gain in log-likelihood that a further parameter must bring: two standard deviations of one are 2.</summary>
    private const double LeastEvidence = 4;

    /// <summary>Spread, relative, under which the signal is left as it is: what it could gain, half its square, is a tenth of a per cent.</summary>
    private const double LeastSpread = 0.05;

    /// <summary>
    /// Spread of the B factors, as a part of the amplitude at the last ring, under which they are none: what a box cuts off of images of a large defocus looks
    /// like a small B factor, and goes on otherwise beyond the rings that were compared (docs/reconstruction.md).
    /// </summary>
    private const double LeastFallOff = 0.6;

    /// <summary>A spread so small that it is none.</summary>
    private const double None = 1e-6;
    private const double FirstScaleSpread = 0.2;
    private const double FirstBSpread = 20;
    private const int Rounds = 40;
    private const int Steps = 12;

    private readonly SignalStatistics[] _images;
    private readonly double[] _quarterK2;

    /// <summary>Prepares a group.</summary>
    /// <param name="images">Its images.</param>
    /// <param name="quarterK2">k^2 / 4 of each band, 1/angstrom^2.</param>
    public SignalFit(SignalStatistics[] images, double[] quarterK2) => (_images, _quarterK2) = (images, quarterK2);

    /// <summary>Fits the group.</summary>
    /// <returns>What each image knows, in their order.</returns>
    public ParticleSignal[] Run()
    {
        var best = new Model(1, None, 0, None, 0);
        var score = Score(best);
        if (_images.Length >= LeastImages)
        {
            // One by one, so that what the images do not show is not there.
            foreach (var next in new Func<Model, Model>[]
            {
                m => m with { Junk = 0.05 },
                m => m with { ScaleSpread = FirstScaleSpread },
                m => m with { BSpread = FirstBSpread },
            })
            {
                var model = Climb(next(best));
                if (IsWorthIt(model) && Score(model) is var s && s > score + LeastEvidence)
                {
                    (best, score) = (model, s);
                }
            }
        }

        // What a later one explains better.
        foreach (var without in new Func<Model, Model>[]
        {
            m => m with { Junk = 0 },
            m => m with { ScaleSpread = None },
            m => m with { BSpread = None, B = 0 },
        })
        {
            if (without(best) != best && Climb(without(best)) is var model && Score(model) is var s && s > score - LeastEvidence)
            {
                (best, score) = (model, s);
            }
        }

        var result = new ParticleSignal[_images.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var p = Posterior(_images[i], best);
            var share = Share(p.Evidence, best.Junk);
            // To the last bit as it was where nothing is known of it.
            result[i] = new ParticleSignal(
                best.ScaleSpread > None ? Math.Round(Math.Max(p.S / best.Scale, 0.01), 6) : 1,
                Math.Round(best.BSpread > None ? p.B - best.B : _images[i].Blur, 4),
                best.Junk > 0 ? (float)Math.Round(share, 6) : 1, Math.Round(p.Evidence, 3));
        }

        return result;
    }

    /// <summary>Whether the spreads that a model has make a difference.</summary>
    private bool IsWorthIt(Model m) =>
        (m.ScaleSpread <= None || m.ScaleSpread > LeastSpread * m.Scale) && (m.BSpread <= None || m.BSpread * _quarterK2.Max() > LeastFallOff);

    private static double Share(double evidence, double junk) =>
        junk <= 0 ? 1 : 1 / (1 + (junk / (1 - junk) * Math.Exp(Math.Clamp(-evidence, -700, 700))));

    /// <summary>The group's log-likelihood over no signal anywhere.</summary>
    private double Score(Model model)
    {
        double sum = 0;
        foreach (var image in _images)
        {
            var e = Posterior(image, model).Evidence;
            // log((1 - pi) exp(e) + pi) without overflow.
            sum += model.Junk <= 0
                ? e
                : Math.Max(e, 0) + Math.Log(((1 - model.Junk) * Math.Exp(Math.Min(e, 0))) + (model.Junk * Math.Exp(-Math.Max(e, 0))));
        }

        return sum;
    }

    /// <summary>EM from a start; a spread that is none stays so, and so does a share of 0.</summary>
    private Model Climb(Model model)
    {
        for (var round = 0; round < Rounds; round++)
        {
            double total = 0, s = 0, b = 0, ss = 0, bb = 0;
            foreach (var image in _images)
            {
                var p = Posterior(image, model);
                var share = Share(p.Evidence, model.Junk);
                total += share;
                s += share * p.S;
                b += share * (p.B - image.Blur);
                ss += share * ((p.S * p.S) + p.VarianceS);
                bb += share * (((p.B - image.Blur) * (p.B - image.Blur)) + p.VarianceB);
            }

            if (!(total > 1))
            {
                return model;
            }

            (s, b) = (model.ScaleSpread > None ? s / total : CommonScale(model), b / total);
            model = new Model(
                Math.Max(s, None),
                model.ScaleSpread > None ? Math.Sqrt(Math.Max((ss / total) - (s * s), None * None)) : None,
                model.BSpread > None ? b : 0,
                model.BSpread > None ? Math.Sqrt(Math.Max((bb / total) - (b * b), None * None)) : None,
                model.Junk > 0 ? Math.Clamp(1 - (total / _images.Length), None, 0.99) : 0);
        }

        return model;
    }

    /// <summary>The one scale of all images.</summary>
    private double CommonScale(Model model)
    {
        double product = 0, power = 0;
        foreach (var image in _images)
        {
            var p = Posterior(image, model);
            var share = Share(p.Evidence, model.Junk);
            for (var n = 0; n < _quarterK2.Length; n++)
            {
                var e = Math.Exp(Math.Clamp(-p.B * _quarterK2[n], -20, 20));
                product += share * e * image.A[n];
                power += share * e * e * image.B[n];
            }
        }

        return power > 0 ? product / power : 1;
    }

    /// <summary>The most probable s and b of an image, their variances, and the logarithm of its likelihood over no signal.</summary>
    private (double S, double B, double VarianceS, double VarianceB, double Evidence) Posterior(in SignalStatistics image, in Model m)
    {
        double ps = 1 / (m.ScaleSpread * m.ScaleSpread), pb = 1 / (m.BSpread * m.BSpread), s = m.Scale, b = m.B + image.Blur, damping = 0;
        var value = Objective(image, m, ps, pb, s, b, out var h);
        for (var step = 0; step < Steps; step++)
        {
            var (hss, hsb, hbb) = (h.SS * (1 + damping), h.SB, h.BB * (1 + damping));
            var determinant = (hss * hbb) - (hsb * hsb);
            double ds = ((h.GS * hbb) - (h.GB * hsb)) / determinant, db = ((h.GB * hss) - (h.GS * hsb)) / determinant;
            var next = Objective(image, m, ps, pb, s + ds, b + db, out var at);
            if (next >= value)
            {
                var done = next - value < 1e-9 * (1 + Math.Abs(value));
                (s, b, value, h, damping) = (s + ds, b + db, next, at, 0.1 * damping);
                if (done)
                {
                    break;
                }
            }
            else
            {
                damping = Math.Max(0.1, 10 * damping);
            }
        }

        var d = (h.SS * h.BB) - (h.SB * h.SB);
        return (s, b, h.BB / d, h.SS / d, value + (0.5 * Math.Log(ps * pb / d)));
    }

    /// <summary>Log-likelihood over no signal plus log prior; gradient and Gauss-Newton matrix of its negative.</summary>
    private double Objective(in SignalStatistics image, in Model m, double ps, double pb, double s, double b, out Curvature c)
    {
        var away = b - m.B - image.Blur;
        double value = -0.5 * ((ps * (s - m.Scale) * (s - m.Scale)) + (pb * away * away));
        c = new Curvature { GS = -ps * (s - m.Scale), GB = -pb * away, SS = ps, BB = pb };
        for (var n = 0; n < _quarterK2.Length; n++)
        {
            double k = _quarterK2[n], e = Math.Exp(Math.Clamp(-b * k, -20, 20)), g = s * e, rest = image.A[n] - (g * image.B[n]);
            value += g * (image.A[n] - (0.5 * g * image.B[n]));
            c.GS += e * rest;
            c.GB -= k * g * rest;
            c.SS += e * e * image.B[n];
            c.SB -= k * g * e * image.B[n];
            c.BB += k * k * g * g * image.B[n];
        }

        return value;
    }

    private record struct Model(double Scale, double ScaleSpread, double B, double BSpread, double Junk);

    private struct Curvature
    {
        public double GS;
        public double GB;
        public double SS;
        public double SB;
        public double BB;
    }
}
