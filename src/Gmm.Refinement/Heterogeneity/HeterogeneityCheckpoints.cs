using System.Globalization;
using System.Text.Json;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Where the training of both halves is kept, so that an analysis that was stopped goes on to the same bits as if it had not been:
/// training_half1.gmmts and training_half2.gmmts in a folder, written after every epoch and when a half is finished.
/// </summary>
/// <remarks>
/// A finished half is not trained again; the other goes on after its last whole epoch. The features are computed again, not kept.
/// <example>
/// <code>
/// var checkpoints = new HeterogeneityCheckpoints("motion", resume: true);
/// var result = HeterogeneityAnalysis.Run(particles, model1, model2, options, compute, checkpoints: checkpoints);
/// </code>
/// </example>
/// </remarks>
/// <param name="folder">The folder; made if it does not exist.</param>
/// <param name="resume">Whether to go on with what is there; otherwise it is removed.</param>
public sealed class HeterogeneityCheckpoints(string folder, bool resume)
{
    private SortedDictionary<string, string> _settings = new(StringComparer.Ordinal);

    /// <summary>Whether an analysis that was stopped goes on.</summary>
    public bool Resume { get; } = resume;

    /// <summary>Takes note of all that decides the result, and checks what is there against it.</summary>
    /// <exception cref="InvalidInputException">The analysis to resume had other settings, or its state is damaged.</exception>
    internal void Begin(IParticleSource source, GaussianModel half1, GaussianModel half2, HeterogeneityOptions options, ComputeOptions compute)
    {
        _settings = new(
            JsonSerializer.SerializeToElement(options, HeterogeneityJson.Default.HeterogeneityOptions).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText()),
            StringComparer.Ordinal)
        {
            ["Focus"] = options.Focus is null ? "none" : RunFingerprint.Of(options.Focus),
            ["Model1"] = RunFingerprint.Of(half1),
            ["Model2"] = RunFingerprint.Of(half2),
            ["Particles"] = string.Create(CultureInfo.InvariantCulture, $"{source.Particles.Count}:{RunFingerprint.Of(source)}"),
            ["Seed"] = compute.Seed.ToString(CultureInfo.InvariantCulture),
        };
        if (!Resume)
        {
            foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "training_half*.gmmts") : [])
            {
                File.Delete(file);
            }

            return;
        }

        foreach (var half in new[] { 1, 2 })
        {
            _ = Of(half).Read();
        }
    }

    /// <summary>The training of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <param name="round">The round of learning, from 1.</param>
    internal TrainingCheckpoint Of(int half, int round = 1)
    {
        var name = round == 1 ? string.Create(CultureInfo.InvariantCulture, $"training_half{half}.gmmts") : string.Create(CultureInfo.InvariantCulture, $"training_half{half}_round{round}.gmmts");
        return new TrainingCheckpoint(Path.Combine(folder, name), _settings);
    }
}
