#:project ../src/Gmm.Heterogeneity/Gmm.Heterogeneity.csproj
#:project ../src/Gmm.Testing/Gmm.Testing.csproj
#:property PublishAot=false
// A tour of a latent landscape: images of two balls, one of which slides; the motion is found and followed. Run: dotnet run samples/landscape.cs
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Testing;

// 60 Gaussians: a ball at rest, and one 40 angstrom above it that slides along x.
var random = new Random(1);
float[] Ball(double centre) => [.. Enumerable.Range(0, 60).Select(i => (float)((i < 30 ? 0 : centre) + (20 * (random.NextDouble() - 0.5))))];
var model = new GaussianModel(Ball(0), Ball(0), Ball(40), [.. Enumerable.Repeat(60f, 60)], [.. Enumerable.Repeat(3f, 60)], boxSize: 48, pixelSize: 3);

// 400 images, each with the ball at another place.
var optics = new OpticsGroup { PixelSize = 3, ImageSize = 48 };
double[] slides = [.. Enumerable.Range(0, 400).Select(_ => 20 * (random.NextDouble() - 0.5))];
var (particles, images) = (new List<Particle>(), new List<ReadOnlyMemory<float>>());
foreach (var slide in slides)
{
    var moved = new ModelDeformation(model.Count);
    moved.X[30..].Fill((float)slide);
    var (pose, ctf) = (Draw.Pose(random, shift: 0), Draw.Ctf(random));
    particles.Add(new Particle(pose, ctf, OpticsIndex: 0, Half: 1 + (particles.Count % 2)));
    images.Add(ExactImages.Of(moved.Apply(model), optics, pose, ctf, noise: 0.3, random));
}

// An autoencoder for each half. Without epochs it is linear, which is all that a small motion needs.
var source = new InMemoryParticles([optics], particles, images);
var options = new HeterogeneityOptions { LatentDimension = 1, Resolution = 8, Anchors = 8, Epochs = 0, Folds = 1 };
var result = new HeterogeneityAnalysis(source, model, model, options, new ComputeOptions()).Run();
Console.WriteLine($"motion found: {result.MotionFound}; held-out gain {result.HeldOutGain:F1} per particle");

// The latent coordinate of half 1 beside the slide that we know.
int[] half1 = [.. Enumerable.Range(0, particles.Count).Where(i => particles[i].Half == 1)];
double[] truth = [.. half1.Select(i => slides[i])], latent = [.. half1.Select(i => (double)result.Latents.Points[i][0])];
double Covariance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Sum();
var correlation = Math.Abs(Covariance(truth, latent) / Math.Sqrt(Covariance(truth, truth) * Covariance(latent, latent)));
Console.WriteLine($"correlation of the latent coordinate with the true slide: {correlation:F3}");

// Along the motion, in the models of both halves.
var row = new MotionLandscape(result.Half1, result.Half2, result.Latents).Along(component: 0, count: 5);
for (var point = 0; point < row.Count; point++)
{
    Console.WriteLine($"point {point + 1}: last Gaussian at x = {row.ModelOf(1, point).X[59],6:F1} (half 1), {row.ModelOf(2, point).X[59],6:F1} A (half 2)");
}

return correlation > 0.95 ? 0 : 1;
