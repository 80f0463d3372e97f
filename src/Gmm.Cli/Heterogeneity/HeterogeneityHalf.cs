using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of heterogeneity, one half.</summary>
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
