using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>What refine was asked for; demo makes one too.</summary>
internal sealed record RefineRequest
{
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

    /// <summary>Focus mask file; null refines the whole.</summary>
    public string? Focus { get; init; }

    /// <summary>Poses of the whole molecule, if the particles start from others.</summary>
    public string? Consensus { get; init; }

    /// <summary>How the model is focused.</summary>
    public FocusOptions FocusOptions { get; init; } = new();

    /// <summary>Whether the region's motion is learnt and holds its poses near the consensus.</summary>
    public bool MotionPrior { get; init; } = true;

    /// <summary>Where poses are refined.</summary>
    public string Device { get; init; } = PoseDevices.Cpu;

    /// <summary>Whether a run that was stopped goes on.</summary>
    public bool Resume { get; init; }

    /// <summary>Point group whose copies every particle gets.</summary>
    public SymmetryGroup ExpandSymmetry { get; init; } = SymmetryGroup.None;

    /// <summary>The final files.</summary>
    public string[] FinalFiles => FilesIn(Folder);

    /// <summary>The final files of a run in a folder.</summary>
    public static string[] FilesIn(string folder) =>
    [
        Path.Combine(folder, "run_data.star"), Path.Combine(folder, "run_half1_unfil.mrc"), Path.Combine(folder, "run_half2_unfil.mrc"),
        .. Models(folder), Path.Combine(folder, "fsc.star"), Path.Combine(folder, "fsc.xml"), Path.Combine(folder, "run.json"),
        .. Orientations(folder),
    ];

    /// <summary>The half models of a run in a folder.</summary>
    public static string[] Models(string folder) => [Path.Combine(folder, "run_model_half1.star"), Path.Combine(folder, "run_model_half2.star")];

    /// <summary>Pictures of the viewing directions of a run in a folder.</summary>
    public static string[] Orientations(string folder) => [Path.Combine(folder, "orientations.png"), Path.Combine(folder, "orientations.svg")];
}
