using System.CommandLine;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>The options that say what is done to images, of every verb that reads some.</summary>
internal sealed class ImageInput
{
    private readonly Option<string> _normalise = Declare.Choice(
        "--normalize",
        "border: background and scale of images are set right by each one's own border, where they are wrong; images that are "
            + "normalised stay as they are. none: images as they are.", "border", "none");
    private readonly Option<bool> _invert = Declare.Flag(
        "--invert", "Turns the images' grey values about, for images in which the molecule is darker than the solvent.");
    private readonly Option<bool> _keep = Declare.Flag(
        "--keep-contrast", "Goes on with images that look inverted; without it that is an error where it is clear.");

    public IEnumerable<Option> Options => [_normalise, _invert, _keep];

    /// <summary>The options' values.</summary>
    public ImageOptions Read(VerbCall call) => new()
    {
        Normalise = call.Get(_normalise) == "border",
        Invert = call.Get(_invert),
        KeepContrast = call.Get(_keep),
    };

    /// <summary>The options' values, where one was given; otherwise those of an earlier step.</summary>
    public ImageOptions Read(VerbCall call, ImageOptions? earlier) =>
        earlier is not null && !Options.Any(o => call.Parsed.GetResult(o) is { Implicit: false }) ? earlier : Read(call);

    /// <summary>Looks at the images of particles, and says what was found in them.</summary>
    /// <param name="call">The call.</param>
    /// <param name="particles">The particles.</param>
    /// <param name="options">What is to be done.</param>
    /// <param name="indices">The particles that will be read; null for all.</param>
    /// <param name="before">Gives the images what an earlier call found of them; null where there is none.</param>
    /// <returns>The particles, prepared.</returns>
    public static PreparedParticles Prepare(
        VerbCall call, Gmm.Core.IParticleSource particles, ImageOptions options, IReadOnlyList<int>? indices = null, Action<PreparedParticles>? before = null)
    {
        var prepared = new PreparedParticles(particles, options, call.Compute);
        before?.Invoke(prepared);
        using (var line = new ProgressLine(call.Console, "looking at images"))
        {
            prepared.Measure(indices, n => line.Report((double)n / (indices?.Count ?? particles.Particles.Count)), call.CancellationToken);
        }

        Tell(call, prepared.Report);
        return prepared;
    }

    /// <summary>Says what was found in images.</summary>
    public static void Tell(VerbCall call, ImageReport? report)
    {
        if (report?.Summary() is { } summary)
        {
            call.Say(summary);
        }

        call.Warn(report?.Warnings() ?? []);
    }
}
