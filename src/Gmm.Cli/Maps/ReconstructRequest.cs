using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>What reconstruct was asked for.</summary>
internal sealed record ReconstructRequest
{
    /// <summary>The particle file; null with <see cref="Finish"/>.</summary>
    public required string? Particles { get; init; }

    /// <summary>Prefix of the maps, or the file of sums.</summary>
    public required string Out { get; init; }

    /// <summary>1, 2, or null for both.</summary>
    public int? Half { get; init; }

    /// <summary>none, posterior, score or a column.</summary>
    public string Weights { get; init; } = "none";

    /// <summary>Whether images are weighted by their signal.</summary>
    public bool BySignal => Weights == "signal";

    /// <summary>The particles with what their images know.</summary>
    public string SignalStar => $"{Out}_signal.star";

    /// <summary>Fraction left out.</summary>
    public double? RejectWorst { get; init; }

    /// <summary>Column that it goes by.</summary>
    public string? RejectBy { get; init; }

    /// <summary>Whether the full map is Wiener-filtered.</summary>
    public bool Wiener { get; init; }

    /// <summary>The part to sum, or null.</summary>
    public (int Part, int Parts)? Partial { get; init; }

    /// <summary>Files of sums to finish; empty for none.</summary>
    public string[] Finish { get; init; } = [];

    /// <summary>What is done to the images.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>Box, resolution, symmetry.</summary>
    public required ReconstructionOptions Options { get; init; }

    /// <summary>Makes the maps.</summary>
    public required FourierReconstructor Reconstructor { get; init; }

    /// <summary>Where images are summed.</summary>
    public DeviceChoice Device { get; init; } = new(DeviceChoice.Cpu);

    /// <summary>The sign of the Ewald sphere's curvature, or auto.</summary>
    public EwaldReport Ewald { get; init; } = new(EwaldReport.Off);

    /// <summary>Who else sums images; null for this process alone.</summary>
    public ClusterPlan? Cluster { get; init; }

    /// <summary>The maps' files.</summary>
    public MapFiles Maps => new(Out);

    /// <summary>The files that will be written.</summary>
    public string[] Files =>
        Partial is not null ? [Out] :
        [
            .. Half switch { 1 => [Maps.Half1], 2 => [Maps.Half2], _ => (string[])[.. Maps.All, .. Finish.Length > 0 ? [] : Maps.Orientations] },
            .. BySignal ? new[] { SignalStar } : [],
        ];
}
