using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>What a request for a refinement names, read: the particles and all that the options take from files.</summary>
internal sealed class RefinementSet : IDisposable
{
    private readonly IDeviceParts _device;
    private readonly StarParticles _source;

    private RefinementSet(StarParticles source, StarParticles particles, RefinementOptions options, IDeviceParts device) =>
        (_source, Particles, Options, _device) = (source, particles, options, device);

    /// <summary>The particles.</summary>
    public StarParticles Particles { get; }

    /// <summary>The settings.</summary>
    public RefinementOptions Options { get; }

    /// <summary>What was said of the particles as they were read.</summary>
    public IReadOnlyList<string> Warnings => _source.Warnings;

    /// <summary>Reads it all.</summary>
    /// <exception cref="InvalidInputException">A file cannot be used.</exception>
    public static RefinementSet Open(RefineRequest request, VerbCall call)
    {
        var device = Devices.Open(request.Device, call.Compute);
        StarParticles? source = null, particles = null;
        try
        {
            source = ParticleInput.Open(call, request.Particles, request.Reading, independentHalves: true);
            call.Warn(TiltInput.Warnings(source, request));
            particles = request.ExpandSymmetry.Order > 1 ? source.ExpandSymmetry(request.ExpandSymmetry) : source;
            return new RefinementSet(source, particles, OptionsOf(request, particles, device, call), device);
        }
        catch
        {
            device.Dispose();
            particles?.Dispose();
            source?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Particles != _source)
        {
            Particles.Dispose();
        }

        _source.Dispose();
        _device.Dispose();
    }

    private static RefinementOptions OptionsOf(RefineRequest request, StarParticles particles, IDeviceParts device, VerbCall call)
    {
        var optics = particles.OpticsGroups[0];
        device.Choose(
            new DeviceWork(optics, request.Options.MaxResolution, request.Options.Gaussians, request.Resume ? request.Folder : null), call);
        return request.Options with
        {
            ModelBuilder = device.ModelBuilder(request.Options.ModelBuilder),
            Optimizer = device.Optimizer(request.Options.Optimizer),
            Reconstructor = device.Reconstructor(new FourierReconstructor()),
            Mask = request.Mask is { } mask ? MapChecks.ReadMask(mask, optics) : null,
            Reference = request.Reference is { } reference
                ? new GivenReference(
                    ReferenceInput.Read(reference, request.ReferenceResolution, optics), request.ReferenceResolution, request.ReferenceIterations)
                {
                    Name = reference,
                }
                : null,
            TiltSeries = TiltInput.Read(particles, request.TiltColumn, request.TiltPrior),
            SeedModel = request.Model is { } model ? ReadModel(model, request.CentreModel, optics, call) : null,
            Focus = request.Focus is { } focus ? FocusRun.Options(focus, MapChecks.ReadMask(focus, optics), request, particles) : null,
        };
    }

    /// <summary>A Gaussian model as it is; an atomic model's non-hydrogen atoms in the frame of a map with its corner at the origin.</summary>
    private static GaussianModel ReadModel(string path, bool centre, OpticsGroup optics, VerbCall call)
    {
        if (Path.GetExtension(path) is ".star")
        {
            return GaussianModelFile.Read(path);
        }

        var origin = AtomicInput.BoxCentre(optics.ImageSize, optics.PixelSize);
        var (_, x, y, z) = AtomsInBox.Read(path, centre, optics.ImageSize, optics.PixelSize, origin, call);
        var ones = new float[x.Length];
        Array.Fill(ones, 1f);
        return new GaussianModel(x, y, z, ones, ones, optics.ImageSize, optics.PixelSize, path);
    }
}
