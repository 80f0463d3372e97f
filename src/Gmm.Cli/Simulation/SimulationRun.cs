using System.Diagnostics;
using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Writes a simulated set to files, for simulate and demo.</summary>
internal static class SimulationRun
{
    /// <summary>Makes the simulator; errors about the model name its file.</summary>
    public static ParticleSimulator Prepare(string file, AtomicModel model, SimulationOptions options, ComputeOptions compute)
    {
        try
        {
            return new ParticleSimulator(AtomicInput.Atoms(file, model), options, compute);
        }
        catch (InvalidInputException e) when (e.File is null)
        {
            throw new InvalidInputException(e.Message, file, innerException: e);
        }
    }

    /// <summary>Writes images, truth, disturbed poses, map and model.</summary>
    /// <returns>Seconds that the images took.</returns>
    public static double Write(ParticleSimulator simulator, AtomicModel model, SimulationFiles files, VerbCall call)
    {
        var options = simulator.Options;
        var clock = Stopwatch.StartNew();
        using (var stack = new MrcStackWriter(files.Stack, options.BoxSize, options.BoxSize, options.PixelSize, call.Overwrite))
        using (var progress = new ProgressLine(call.Console, "simulating images"))
        {
            simulator.Render((_, pixels) => stack.Write(pixels), progress.Of(options.ParticleCount), call.CancellationToken);
            stack.Complete();
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var names = Enumerable.Range(0, options.ParticleCount).Select(i => StarParticles.ImageName(i, SimulationFiles.StackName)).ToArray();
        var micrographs = new StarColumn(
            "rlnMicrographName", [.. simulator.Micrographs.Select(m => string.Create(CultureInfo.InvariantCulture, $"simulated{m + 1:D4}.mrc"))]);
        var contrast = StarColumn.FromNumbers("gmmSimulatedContrast", simulator.Contrasts);
        StarParticles.WriteParticleStar(
            files.TrueStar, simulator.OpticsGroups, simulator.TrueParticles, names, [micrographs, contrast], call.Overwrite, files.Folder);
        StarParticles.WriteParticleStar(
            files.DisturbedStar, simulator.OpticsGroups, simulator.DisturbedParticles, names, [micrographs], call.Overwrite, files.Folder);
        MrcFile.WriteMap(files.TrueMap, simulator.RenderTrueMap(call.CancellationToken), call.Overwrite);
        AtomicModelFile.WriteCif(
            files.Model, AtomicInput.Moved(model, simulator.ModelCentre, AtomicInput.BoxCentre(options.BoxSize, options.PixelSize)), call.Overwrite);
        MotionWriter.Write(simulator, files, names, call);
        return seconds;
    }
}
