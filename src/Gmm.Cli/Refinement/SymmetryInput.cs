using System.CommandLine;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>The options of refine that say what is done about symmetry.</summary>
internal sealed class SymmetryInput
{
    private readonly Option<string> _symmetry = Declare.Symmetry(
        "Point group imposed on the maps of every iteration: Cn, Dn (cryoSPARC's: DnY), T, O, I (I1 to I4), with "
            + "RELION's axes.");
    private readonly Option<string?> _expand = Declare.Text(
        "--expand-symmetry", "GROUP",
        "Takes every image once for each operator of the group, for a focused refinement of one of its parts; the copies stay in the "
            + "image's half.");
    private readonly Option<string?> _relax = Declare.Text(
        "--relax-symmetry", "GROUP", "Refines each particle from all copies of its pose and keeps the best, for a structure that breaks its symmetry.");

    public IEnumerable<Option> Options => [_symmetry, _expand, _relax];

    public SymmetryGroup Imposed(VerbCall call) => Symmetries.Read(call.Get(_symmetry), "--symmetry");

    public SymmetryGroup Expanded(VerbCall call) => Symmetries.Read(call.Get(_expand) ?? "C1", "--expand-symmetry");

    public SymmetryGroup Relaxed(VerbCall call) => Symmetries.Read(call.Get(_relax) ?? "C1", "--relax-symmetry");

    /// <summary>Refuses what contradicts itself.</summary>
    public static void Check(RefineRequest request)
    {
        var (imposed, expanded, relaxed) = (request.Options.Symmetry.Order > 1, request.ExpandSymmetry.Order > 1, request.Options.RelaxSymmetry.Order > 1);
        Refuse(imposed && expanded, "--symmetry and --expand-symmetry contradict each other: expanded copies are refined without symmetry");
        Refuse(imposed && relaxed, "--symmetry and --relax-symmetry contradict each other: a symmetry that is imposed cannot be broken");
        Refuse(expanded && relaxed, "--expand-symmetry and --relax-symmetry contradict each other: one keeps all copies, the other the best");
        Refuse(request.Focus is not null && imposed, "--focus and --symmetry contradict each other: a region is not symmetric; use --expand-symmetry");
        Refuse(request.Focus is not null && relaxed, "--focus and --relax-symmetry contradict each other: relax first, then focus");
    }

    private static void Refuse(bool condition, string problem)
    {
        if (condition)
        {
            throw new InvalidInputException(problem, "command line");
        }
    }
}
