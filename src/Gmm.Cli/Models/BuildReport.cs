using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of build.</summary>
/// <param name="Gaussians">Number of Gaussians.</param>
/// <param name="MeanFsc">Mean FSC of model and map to the resolution.</param>
/// <param name="Resolution">Resolution that the model was fitted to.</param>
/// <param name="Iterations">Steps of the fit.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record BuildReport(
    int Gaussians,
    double MeanFsc,
    [property: JsonPropertyName("resolution_A")] double Resolution,
    int Iterations,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
