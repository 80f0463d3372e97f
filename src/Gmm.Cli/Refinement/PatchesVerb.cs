using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm patches: the molecule refined patch by patch, and the composite of the patches.</summary>
internal sealed class PatchesVerb : VerbCommand
{
    private readonly ParticleInput _input = new();
    private readonly Option<string> _out = Declare.Out(
        "DIR", "Folder for the results: patch##/run_data.star (and .cs for cryoSPARC's particles), mask.mrc, "
            + "run_half1_unfil.mrc, run_half2_unfil.mrc and run_fsc.star, "
            + "composite_half1_unfil.mrc, composite_half2_unfil.mrc, composite.mrc (sharpened) and provenance.json.");
    private readonly Option<int> _count = Declare.Count("--count", "N", "Number of patches.", new PatchPartitionOptions().Count);
    private readonly Option<string> _symmetry = Declare.Symmetry(
        "Patches follow this symmetry (C3, D2, ...): those of one asymmetric unit are copied. The count is of all. It is not imposed on "
            + "the maps, which are coarser than those of refine --symmetry.");
    private readonly Option<bool> _tight = Declare.Flag("--tight", "Masks that follow the patches' shapes, in place of spheres that cover them.");
    private readonly Option<bool> _joint = Declare.Flag("--joint", "Solves all patches of a particle together, as a multi-body refinement.");
    private readonly Option<string> _reference = Declare.Choice(
        "--reference", "What a patch's images are compared with: the patch moving and the rest at the consensus, or the whole, wide outside the patch, "
            + "as published.", "rest-fixed", "width-mask");
    private readonly PatchInput _common = new();

    public PatchesVerb()
        : base(
            "patches",
            "Refines the molecule patch by patch and puts the patches together.",
            "Cuts the molecule into patches, refines the poses of every patch from one reading of each image, and puts the patches' half maps "
                + "together, halves apart. A prior learnt from each half's own particles keeps patches near the consensus where images say little.",
            "gmm patches refined/run_data.star --out patches",
            "gmm patches refined/run_data.star --out patches --count 12 --joint --mask mask.mrc",
            "gmm patches refined/run_data.star --out patches --cluster local --workers 2",
            "gmm patches refined/run_data.star --out patches --resume --json")
    {
        Arguments.Add(_input.Star);
        AddOptions([_out, _count, _symmetry, _tight, _joint, _reference, .. _common.Options, .. _input.Options]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        InputFiles.Check(call.Get(_input.Star));
        var partition = Partition(call);
        using var particles = _input.Open(call, independentHalves: true);
        var options = SettingsOf(call, partition, particles.OpticsGroups[0]);
        string[] warnings = [.. Coarser(partition.Symmetry, particles)];
        call.Warn(warnings);
        return _common.Run(call, particles, options, call.Get(_out), warnings);
    }

    public override int WorkOn(TaskBoard board, TaskWorker worker, VerbCall call)
    {
        var partition = Partition(call);
        using var particles = _input.Open(call, independentHalves: true);
        return _common.WorkOn(call, particles, SettingsOf(call, partition, particles.OpticsGroups[0]), call.Get(_out), board, worker);
    }

    private PatchPartitionOptions Partition(VerbCall call)
    {
        if (call.Get(_joint) && call.Get(_reference) == "width-mask")
        {
            throw new InvalidInputException("cannot be width-mask with --joint: patches solved together move each its own part", "--reference");
        }

        var partition = new PatchPartitionOptions { Count = call.Get(_count), Symmetry = SymmetryGroup.Parse(call.Get(_symmetry)), Tight = call.Get(_tight) };
        partition.Validate();
        return partition;
    }

    private PatchOptions SettingsOf(VerbCall call, PatchPartitionOptions partition, OpticsGroup optics) => _common.Read(call, _input, optics) with
    {
        Partition = partition,
        Joint = call.Get(_joint),
        Reference = call.Get(_reference) == "width-mask" ? PatchReferenceKind.WidthMask : PatchReferenceKind.RestFixed,
    };

    /// <summary>
    /// The symmetry places the patches and nothing else: each particle has one pose of each patch, so the maps hold no symmetry copies, unless the
    /// particles do.
    /// </summary>
    private static IEnumerable<string> Coarser(SymmetryGroup symmetry, StarParticles particles)
    {
        if (symmetry.Order > 1 && !particles.Table.Contains(SymmetryExpansion.Copy))
        {
            yield return $"patches follow {symmetry}, but maps are made without it, from {particles.Particles.Count} particles, so they are coarser "
                + $"than those of a refinement with it: expand the particles first (gmm refine --expand-symmetry {symmetry}), or put the patches on "
                + $"all places afterwards (gmm composite --symmetry {symmetry}); see docs/patches.md";
        }
    }
}
