namespace Gmm.Cli;

/// <summary>What landscape was asked for.</summary>
internal sealed record LandscapeRequest
{
    /// <summary>Component of the trajectory, from 0.</summary>
    public int Component { get; init; }

    /// <summary>Second component of a circle, from 0; null for a row along one.</summary>
    public int? CircleWith { get; init; }

    /// <summary>File of points; null for none.</summary>
    public string? At { get; init; }

    /// <summary>Number of points.</summary>
    public int Points { get; init; } = 8;

    /// <summary>Whether the row leaves out what other components do.</summary>
    public bool Straight { get; init; }

    /// <summary>Particles of each half for a map; 0 makes none.</summary>
    public int Nearest { get; init; } = 2000;

    /// <summary>Clusters of each half; 0 for none.</summary>
    public int Clusters { get; init; }

    /// <summary>Atomic model; null for none.</summary>
    public string? Atoms { get; init; }

    /// <summary>Whether its centre goes to the box centre.</summary>
    public bool CentreAtoms { get; init; }

    /// <summary>The point of the row (from 0) whose conformation the atomic model has; null for the neutral one.</summary>
    public int? AtomsAt { get; init; }

    /// <summary>Residue to measure.</summary>
    public (string Chain, string Number)? Residue { get; init; }
}
