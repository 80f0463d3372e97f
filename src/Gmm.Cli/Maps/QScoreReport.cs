using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>Result of qscore; the first numbers are the first map's.</summary>
/// <param name="MeanQ">Mean Q-score of the atoms; null where there is none.</param>
/// <param name="Atoms">Number of atoms.</param>
/// <param name="AtomsOutside">Atoms outside the map, which are not counted.</param>
/// <param name="Maps">The scores map by map.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
internal sealed record QScoreReport(
    double? MeanQ,
    int Atoms,
    int AtomsOutside,
    QScoreMapReport[] Maps,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files);
