using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of heterogeneity, one half.</summary>
/// <param name="Half">The half, 1 or 2.</param>
/// <param name="Particles">Number of particles.</param>
/// <param name="HeldOutGain">Mean gain in log-likelihood of a held-out particle; null where training diverged.</param>
/// <param name="HeldOutError">Its standard error; null where training diverged.</param>
/// <param name="LinearGain">The same gain of the best linear model; null where training diverged.</param>
/// <param name="Motion">How far each latent coordinate moves the Gaussian that goes farthest.</param>
/// <param name="LatentSd">Standard deviation of each latent coordinate.</param>
/// <param name="LatentSigma">Mean posterior standard deviation of each.</param>
/// <param name="BestEpoch">The epoch whose weights were kept.</param>
/// <param name="Stopped">Why training stopped.</param>
internal sealed record HeterogeneityHalf(
    int Half,
    int Particles,
    [property: JsonPropertyName("heldout_gain"), JsonConverter(typeof(UnmeasuredNumber))] double HeldOutGain,
    [property: JsonPropertyName("heldout_gain_error"), JsonConverter(typeof(UnmeasuredNumber))] double HeldOutError,
    [property: JsonConverter(typeof(UnmeasuredNumber))] double LinearGain,
    [property: JsonPropertyName("motion_A")] double[] Motion,
    double[] LatentSd,
    double[] LatentSigma,
    int BestEpoch,
    string Stopped);
