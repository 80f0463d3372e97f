#:project ../src/Gmm.Testing/Gmm.Testing.csproj
#:property PublishAot=false
// A scorer of one's own, tested: its gradient, the adjoint of the projector that feeds it, its uncertainties. Run: dotnet run samples/property-test.cs
using FsCheck;
using FsCheck.Fluent;
using Gmm.Core;
using Gmm.Refinement;
using Gmm.Testing;
const double noise = 0.5;
var group = new OpticsGroup { PixelSize = 2.5, ImageSize = 48 };
var shape = new ModelShape { Count = 80, Radius = 32, BoxSize = 48 };
var model = Draw.Model(new Random(1), shape);
var config = Config.QuickThrowOnFailure.WithMaxTest(25);

// 1. The gradient is that of the objective, for any image and any pose near the truth: otherwise an optimizer walks the wrong way.
Prop.ForAll(Generate.NoisyImages(model, group, noise).ToArbitrary(), Generate.Seeds().ToArbitrary(), (particles, seed) =>
{
    var (image, near) = (WhiteNoise.Workspace(Reference(1), particles, 0), Draw.Near(new Random(seed), particles.Particles[0].Pose, 3, 1));
    var mismatch = ScorerChecks.GradientMismatch(image, near);
    return (mismatch < 0.01).Label($"gradient off by {mismatch:P1}");
}).Check(config);
// 2. What the projector pulls back is the transpose of what it projects, for any model and pose (put your own projector here).
Prop.ForAll(Generate.Models(shape).ToArbitrary(), Generate.Poses().ToArbitrary(), Generate.Seeds().ToArbitrary(), (any, pose, seed) =>
{
    var mismatch = ProjectorChecks.AdjointMismatch(new GriddingProjector(any, FourierDisc.ForResolution(48, 2.5, 8)), pose, new Random(seed));
    return (mismatch < 1e-3).Label($"adjoint off by {mismatch:E1}");
}).Check(config);

// 3. Pose errors are as large as the scorer's covariances say, and as small as the Cramer-Rao bound allows.
var set = ExactImages.Particles(model, [group], count: 200, noise, new Random(2));
Pose[] starts = [.. set.Particles.Select((p, i) => Draw.Near(new Random(i), p.Pose, degrees: 2, angstrom: 1))];
return Math.Abs(Measure(1)) < 4 && Measure(0.7) > 4 ? 0 : 1; // and uncertainties that are too small are found

PoseReference Reference(double factor) =>
    WhiteNoise.Reference(Scorers.Of("least squares", isLogLikelihood: true, c => new LeastSquares(c)), model, group, factor * noise, [16, 8]);
double Measure(double factor)
{
    var found = PoseCalibration.Measure(Reference(factor), new LevenbergMarquardtPoseOptimizer(), set, starts, noise);
    Console.WriteLine(
        $"noise {factor} of the true: {found.RotationDegrees:F2} degrees and {found.ShiftAngstrom:F3} A off (bound {found.RotationBoundDegrees:F2}, "
        + $"{found.ShiftBoundAngstrom:F3}), reduced chi^2 {found.Calibration.ReducedChiSquare:F2}, {found.Calibration.StandardScore:F1} sigmas from 1");
    return found.Calibration.StandardScore;
}

/// <summary>log p = -sum |D - T F|^2 / (n^2 s^2), the gain over "no signal": least squares. The whitened image holds D and T times 2^1/2 / (n s).</summary>
internal sealed class LeastSquares(ScoringContext context) : IPoseScorer
{
    private readonly WhitenedCorrelationScorer _weights = new(context.Disc, context.NoisePower, context.ReferenceWeight, context.ReferenceScale);
    public FourierDisc Disc => _weights.Disc;
    public bool IsLogLikelihood => true;
    public IScoringImage CreateImage() => new LeastSquaresImage(_weights.CreateImage());
}

internal sealed class LeastSquaresImage(WhitenedImage image) : IScoringImage
{
    public void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer) => image.Prepare(re, im, transfer);
    public PoseScore Score(PoseJacobian<float> projection) => Evaluate(projection, [], []);
    public PoseScore Evaluate(PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton)
    {
        gradient.Clear();
        gaussNewton.Clear();
        double product = 0, power = 0;
        for (var i = 0; i < image.Disc.Count; i++)
        {
            float re = image.Re[i], im = image.Im[i], t = image.Transfer[i], fr = t * projection.Re[i], fi = t * projection.Im[i];
            (product, power) = (product + (re * fr) + (im * fi), power + (fr * fr) + (fi * fi));
            for (var p = 0; p < gradient.Length; p++)
            {
                float dr = t * projection.DerivativeRe(p)[i], di = t * projection.DerivativeIm(p)[i];
                gradient[p] += ((re - fr) * dr) + ((im - fi) * di);
                for (var q = 0; q < gradient.Length; q++)
                {
                    gaussNewton[(p * gradient.Length) + q] += t * ((dr * projection.DerivativeRe(q)[i]) + (di * projection.DerivativeIm(q)[i]));
                }
            }
        }
        return new PoseScore(product - (0.5 * power), product / Math.Max(Math.Sqrt(power * image.Power), 1e-30), product / Math.Max(power, 1e-30));
    }
}
