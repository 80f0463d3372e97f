using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>
/// Where the training of both halves is kept, so that an analysis that was stopped goes on to the same bits as if it had not been:
/// training_half1.gmmts and training_half2.gmmts in a folder, written after every epoch and when a half is finished.
/// </summary>
/// <remarks>
/// A finished half is not trained again; the other goes on after its last whole epoch. The features are computed again, not kept.
/// </remarks>
/// <param name="run">The folder of the run.</param>
internal sealed class HeterogeneityCheckpoints(RunFolder run)
{
    /// <summary>The files of an analysis.</summary>
    internal static IEnumerable<string> Names(int rounds) => Enumerable.Range(1, rounds).SelectMany(r => new[] { Name(1, r), Name(2, r) });

    /// <summary>Begins the run in its folder: checks what is there against what decides the result, or removes it.</summary>
    /// <exception cref="InvalidInputException">The analysis to resume had other settings or images, or its state is damaged.</exception>
    internal void Begin(IParticleSource source, GaussianModel half1, GaussianModel half2, HeterogeneityOptions options, ComputeOptions compute)
    {
        run.Start(Settings(source, half1, half2, options, compute), RunSettings.Inputs(source));
        foreach (var half in new[] { 1, 2 })
        {
            _ = Of(half).Read();
        }
    }

    /// <summary>All that decides the result of an analysis.</summary>
    internal static JsonObject Settings(
        IParticleSource source, GaussianModel half1, GaussianModel half2, HeterogeneityOptions options, ComputeOptions compute) => RunSettings.Of(
        options, HeterogeneitySettingsJson.Default.HeterogeneityOptions, source, compute.Seed,
        ("focus", options.Focus is null ? null : RunFingerprint.Of(options.Focus)),
        ("start_latents", options.StartLatents is null ? null : RunFingerprint.Of(options.StartLatents)),
        ("model_half1", RunFingerprint.Of(half1)),
        ("model_half2", RunFingerprint.Of(half2)));

    /// <summary>The training of a half.</summary>
    /// <param name="half">1 or 2.</param>
    /// <param name="round">The round of learning, from 1.</param>
    internal TrainingCheckpoint Of(int half, int round = 1)
    {
        var name = Name(half, round);
        return new TrainingCheckpoint(run.In(name), () => run.Claim(name));
    }

    /// <summary>Where training stands in a folder that a job may still work in, half by half, in the last round that was begun.</summary>
    /// <param name="find">The path of a file of the run; null if it is not there.</param>
    /// <exception cref="InvalidInputException">A state is damaged.</exception>
    internal static IReadOnlyList<TrainingState> ReadStates(Func<string, string?> find)
    {
        var states = new List<TrainingState>();
        for (var half = 1; half <= 2; half++)
        {
            TrainingState? last = null;
            for (var round = 1; find(Name(half, round)) is { } path && new TrainingCheckpoint(path).Read() is var (header, _); round++)
            {
                var epochs = header.Training?.Epochs ?? header.Position!.Epochs;
                var best = header.Training?.BestEpoch ?? header.Position!.BestEpoch;
                last = epochs.FirstOrDefault(e => e.Epoch == best) is { } found
                    ? new TrainingState(half, round, epochs, found, header.Training is not null) : last;
            }

            states.AddRange(last is null ? [] : [last]);
        }

        return states;
    }

    /// <summary>The file of a half's training in a round.</summary>
    internal static string Name(int half, int round) =>
        round == 1 ? FormattableString.Invariant($"training_half{half}.gmmts") : FormattableString.Invariant($"training_half{half}_round{round}.gmmts");
}
