#:project ../src/Gmm.Refinement/Gmm.Refinement.csproj
#:property PublishAot=false
// What a program that embeds Gmm lives with: particles of its own, exceptions, cancellation, iterations as a stream (docs/embedding.md).
// Run: dotnet run samples/embed.cs
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

var path = Path.Combine(Folder(), "../src/Gmm.Cli/Data/betagal/disturbed_8deg.star");
using var file = StarParticles.Open(path);
var options = new RefinementOptions { Symmetry = SymmetryGroup.Parse("D2"), Iterations = 3 };

// The iterations as a stream: computed on the thread pool, one at a time, while this thread is free. Leaving the loop is enough to stop.
using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
await foreach (var state in new RefinementLoop(file, options, new ComputeOptions()).IterateAsync(cancellationToken: patience.Token))
{
    Console.WriteLine($"iteration {state.Iteration}: {state.Resolution:F2} angstrom");
    if (state.Iteration == 2)
    {
        break;
    }
}

// An exception of one's own source comes out as itself, whichever thread it was thrown on.
var camera = new Camera(file, broken: 700);
try
{
    new RefinementLoop(camera, options, new ComputeOptions()).Start();
}
catch (TimeoutException e) when (ReferenceEquals(e, camera.Failure))
{
    Console.WriteLine($"the source's own exception: {e.Message}");
}

// What is wrong with the input is one line, with its place as properties.
try
{
    StarParticles.Open(Path.Combine(Folder(), "embed.cs"));
}
catch (InvalidInputException e)
{
    Console.WriteLine($"bad input: {e.Message} (file {Path.GetFileName(e.File)})");
}

// A null argument is named.
try
{
    _ = new RefinementLoop(file, null!, new ComputeOptions());
}
catch (ArgumentNullException e)
{
    Console.WriteLine($"null: {e.ParamName}");
}

static string Folder() => (string)AppContext.GetData("EntryPointFileDirectoryPath")!;

/// <summary>Particles from anywhere: here from a file, and one that cannot be read.</summary>
internal sealed class Camera(IParticleSource inner, int broken) : IParticleSource
{
    public TimeoutException Failure { get; } = new("the camera did not answer");

    public IReadOnlyList<OpticsGroup> OpticsGroups => inner.OpticsGroups;

    public IReadOnlyList<Particle> Particles => inner.Particles;

    public string Describe(int index) => $"camera, frame {index + 1}";

    public void ReadImage(int index, Span<float> pixels)
    {
        if (index == broken)
        {
            throw Failure;
        }

        inner.ReadImage(index, pixels);
    }
}
