using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>What refine was asked for; demo makes one too.</summary>
internal sealed record RefineRequest
{
    private static readonly string[] s_results =
    [
        "run_data.star", "run_half1_unfil.mrc", "run_half2_unfil.mrc", "run.mrc", "run_masked.mrc", "run_mask.mrc", "run_model_half1.star",
        "run_model_half2.star", "fsc.star", "fsc.xml", "run.json",
    ];

    /// <summary>The particle file.</summary>
    public required string Particles { get; init; }

    /// <summary>How it is read.</summary>
    public StarParticlesOptions Reading { get; init; } = new();

    /// <summary>Settings of the refinement, but for what is in files.</summary>
    public RefinementOptions Options { get; init; } = new();

    /// <summary>Whether the scales are written to rlnCtfScalefactor too.</summary>
    public bool WriteCtfScale { get; init; }

    /// <summary>The output folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Solvent mask file.</summary>
    public string? Mask { get; init; }

    /// <summary>Gaussian (.star) or atomic (.pdb, .cif) model to start from.</summary>
    public string? Model { get; init; }

    /// <summary>Whether an atomic model's centre goes to the box centre.</summary>
    public bool CentreModel { get; init; }

    /// <summary>An atomic model in the frame of the maps for the report; null takes <see cref="Model"/> where that is one.</summary>
    public string? ShownModel { get; init; }

    /// <summary>Focus mask file; null refines the whole.</summary>
    public string? Focus { get; init; }

    /// <summary>Poses of the whole molecule, if the particles start from others.</summary>
    public string? Consensus { get; init; }

    /// <summary>How the model is focused.</summary>
    public FocusOptions FocusOptions { get; init; } = new();

    /// <summary>Whether the region's motion is learnt and holds its poses near the consensus.</summary>
    public bool MotionPrior { get; init; } = true;

    /// <summary>A map that poses are refined against in the first iterations.</summary>
    public string? Reference { get; init; }

    /// <summary>The resolution that it is used to, angstrom.</summary>
    public double ReferenceResolution { get; init; }

    /// <summary>In how many iterations it is used.</summary>
    public int ReferenceIterations { get; init; } = 1;

    /// <summary>Column that names the particle of each image of a tilt series; null where each image is a particle of its own.</summary>
    public string? TiltColumn { get; init; }

    /// <summary>What is known of the poses of tilt series.</summary>
    public TiltSeriesPrior TiltPrior { get; init; } = new();

    /// <summary>Where it is computed.</summary>
    public DeviceChoice Device { get; init; } = new(DeviceChoice.Cpu);

    /// <summary>Whether phase shifts were asked for by name.</summary>
    public bool AsksPhaseShift { get; init; }

    /// <summary>Who else works on it; null for this process alone.</summary>
    public ClusterPlan? Cluster { get; init; }

    /// <summary>Whether a run that was stopped goes on.</summary>
    public bool Resume { get; init; }

    /// <summary>Point group whose copies every particle gets.</summary>
    public SymmetryGroup ExpandSymmetry { get; init; } = SymmetryGroup.None;

    /// <summary>The final files of a run in a folder.</summary>
    public static string[] FilesIn(string folder) =>
        [.. s_results.Concat(RunPictures.FilesOfRefinement).Append(RunReport.FileName).Select(f => Path.Combine(folder, f))];
}
