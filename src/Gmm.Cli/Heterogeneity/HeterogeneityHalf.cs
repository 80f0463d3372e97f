using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of heterogeneity, one half.</summary>
internal sealed record HeterogeneityHalf(
    int Half,
    int Particles,
    [property: JsonPropertyName("heldout_gain")] double HeldOutGain,
    [property: JsonPropertyName("heldout_gain_error")] double HeldOutError,
    double LinearGain,
    [property: JsonPropertyName("motion_A")] double[] Motion,
    double[] LatentSd,
    double[] LatentSigma,
    int BestEpoch,
    string Stopped);
