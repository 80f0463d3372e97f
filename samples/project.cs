#:project ../src/Gmm.Core/Gmm.Core.csproj
#:property PublishAot=false
// Projects a Gaussian model with the exact projector and the fast one, and compares them. Run: dotnet run samples/project.cs
using System.Diagnostics;
using Gmm.Core;

var random = new Random(1);
float[] Uniform(int n, double low, double high) => [.. Enumerable.Range(0, n).Select(_ => (float)(low + ((high - low) * random.NextDouble())))];
const int count = 3000;
var model = new GaussianModel(
    Uniform(count, -50, 50), Uniform(count, -50, 50), Uniform(count, -50, 50), Uniform(count, 0.5, 1.5), Uniform(count, 1.2, 2), boxSize: 160, pixelSize: 1.2);

var disc = FourierDisc.ForResolution(imageSize: 160, pixelSize: 1.2, resolution: 3);
var pose = Pose.FromRelion(new EulerAngles(30, 65, -110), originXAngstrom: 1.5, originYAngstrom: -2);
var (exactRe, exactIm, exactTime) = Project(new DirectProjector<float>(model, disc));
var (fastRe, fastIm, fastTime) = Project(new GriddingProjector(model, disc));

double difference = 0, power = 0;
for (var i = 0; i < disc.Count; i++)
{
    difference += Math.Pow(fastRe[i] - exactRe[i], 2) + Math.Pow(fastIm[i] - exactIm[i], 2);
    power += Math.Pow(exactRe[i], 2) + Math.Pow(exactIm[i], 2);
}

Console.WriteLine($"{count} Gaussians onto {disc.Count} coefficients (to 3 A): relative error {Math.Sqrt(difference / power):E1}");
Console.WriteLine($"direct {exactTime:F2} ms, gridding {fastTime:F2} ms a projection");

(float[] Re, float[] Im, double Milliseconds) Project(IProjector<float> projector)
{
    var scratch = projector.CreateScratch();
    float[] re = new float[disc.Count], im = new float[disc.Count];
    var best = double.PositiveInfinity;
    for (var repeat = 0; repeat < 60; repeat++)
    {
        var clock = Stopwatch.StartNew();
        projector.Project(pose, re, im, scratch);
        best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
    }

    return (re, im, best);
}
