using System.CommandLine;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>The argument DIR, a folder of gmm heterogeneity, and the options that say where its particles are.</summary>
internal sealed class HeterogeneityInput
{
    private readonly Option<string?> _particles = Declare.Text(
        "--particles", "PARTICLES", "The particles that the motion was learnt from, if they have moved; the file named in DIR by default.");
    private readonly ParticleInput _reading = new();

    public Argument<string> Dir { get; } = Declare.Argument("DIR", "Folder that gmm heterogeneity wrote.");

    public IEnumerable<Option> Options => [_particles, .. _reading.Options];

    /// <summary>Reads the folder and checks that its parts and the particles belong together.</summary>
    /// <exception cref="InvalidInputException">The folder is missing, incomplete or of another version, or the particles are others.</exception>
    public LearntMotion Open(VerbCall call, bool images)
    {
        var folder = new HeterogeneityFolder(call.Get(Dir));
        if (!Directory.Exists(folder.Folder))
        {
            throw new InvalidInputException(
                File.Exists(folder.Folder)
                    ? "is a file, not a folder of gmm heterogeneity, whose autoencoders say how the structure moves; latent coordinates of other programs "
                        + "choose particles (gmm convert PARTICLES --columns FILE --where \"latent1>0\") and start an analysis "
                        + "(gmm heterogeneity --start-latents)"
                    : "there is no such folder",
                folder.Folder);
        }

        if (folder.All.FirstOrDefault(f => !File.Exists(f)) is { } missing)
        {
            throw new InvalidInputException($"is not a finished folder of gmm heterogeneity: {Path.GetFileName(missing)} is missing", folder.Folder);
        }

        var record = folder.ReadRecord();
        var (half1, half2, latents) = (folder.ReadAutoencoder(1), folder.ReadAutoencoder(2), folder.ReadLatents());
        foreach (var (dimension, file) in new[]
        {
            (half1.LatentDimension, folder.Autoencoder(1)), (half2.LatentDimension, folder.Autoencoder(2)), (latents.Dimension, folder.Latents),
        })
        {
            if (dimension != record.LatentDimension)
            {
                throw new InvalidInputException(
                    $"has {dimension} latent coordinates, heterogeneity.json {record.LatentDimension}: the files are of different runs", file);
            }
        }

        var star = call.Get(_particles) ?? record.ParticlesFile;
        if (!File.Exists(star))
        {
            throw new InvalidInputException("the particles that the motion was learnt from are not there; --particles says where they are", star);
        }

        var reading = _reading.ReadOptions(call) with { RequireImages = images };
        var particles = StarParticles.Open(star, reading with { Root = reading.Root ?? (Directory.Exists(record.Root) ? record.Root : null) });
        call.Warn(particles.Warnings);
        call.Files.AddInputs([.. folder.All, particles.Path, .. particles.Stacks]);
        if (!record.MotionFound)
        {
            call.Warn([$"{folder.Folder} has no motion that particles held out of training confirm; what follows may be noise"]);
        }

        Check(particles, latents, folder.Latents);
        var focus = record.FocusFile is null ? null : new[] { folder.Focus, record.FocusFile }.FirstOrDefault(File.Exists);
        return new LearntMotion(record, half1, half2, latents, particles, focus) { Images = _reading.Images.Read(call, record.Images) };
    }

    private static void Check(StarParticles particles, LatentTable latents, string file)
    {
        if (latents.Count != particles.Particles.Count)
        {
            throw new InvalidInputException($"has {latents.Count} particles, {particles.Path} {particles.Particles.Count}: they do not belong together", file);
        }

        var names = particles.Table.GetColumn("rlnImageName");
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] != latents.ImageNames[i] || particles.Particles[i].Half != latents.Halves[i])
            {
                throw new InvalidInputException(
                    $"is {latents.ImageNames[i]} of half {latents.Halves[i]}, but particle {i + 1} of {particles.Path} is {names[i]} of half "
                        + $"{particles.Particles[i].Half}: they do not belong together",
                    file, i + 1, "rlnImageName");
            }
        }
    }
}

/// <summary>What gmm heterogeneity found, and the particles it was found in.</summary>
internal sealed record LearntMotion(
    HeterogeneityRecord Record, Autoencoder Half1, Autoencoder Half2, LatentTable Latents, StarParticles Particles, string? FocusFile) : IDisposable
{
    /// <summary>What is done to the images: as when the motion was learnt, unless options say otherwise.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>Both halves' autoencoders.</summary>
    public Autoencoder[] Halves => [Half1, Half2];

    /// <summary>The particles of a half, 0 or 1.</summary>
    public int[] Members(int half) => [.. Enumerable.Range(0, Latents.Count).Where(i => Latents.Halves[i] == half + 1)];

    public void Dispose() => Particles.Dispose();
}
