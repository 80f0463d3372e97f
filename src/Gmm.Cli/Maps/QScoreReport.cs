using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of qscore; the first numbers are the first map's.</summary>
internal sealed record QScoreReport(
    double? MeanQ,
    int Atoms,
    int AtomsOutside,
    QScoreMapReport[] Maps,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
