using System.CommandLine;
using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The options of a focused refinement.</summary>
internal sealed class FocusInput
{
    private readonly Option<string?> _mask = Declare.Text(
        "--focus", "MASK.mrc", "Refines the region in this soft mask, from the poses given. The motion of the region is measured against the poses of the "
            + "whole molecule.");
    private readonly Option<string> _mode = Declare.Choice(
        "--focus-mode", "subtract: the region moves, the rest stays where the poses of the whole molecule show it. width: the rest is in the reference, "
            + "made wide (published). amplitude: the rest is left out of the reference (published).", "subtract", "width", "amplitude");
    private readonly Option<double> _level = Declare.Number(
        "--focus-level", "L", "With --focus-mode width: variances outside the mask are divided by this.", 0.25);
    private readonly Option<bool> _free = Declare.Flag(
        "--no-motion-prior", "Every particle's pose is free, as published. By default the region's motion is learnt from the particles of each half and "
            + "holds poses where the image says little.");

    /// <summary>The options, to be added to a verb.</summary>
    public IEnumerable<Option> Options => [_mask, _mode, _level, _free];

    /// <summary>The mask file on the command line; null if there is none.</summary>
    public string? Given(VerbCall call) => call.Get(_mask);

    /// <summary>The mask file; null if there is no focus.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="otherwise">The mask that is meant where none is given.</param>
    public string? Mask(VerbCall call, string? otherwise = null)
    {
        var mask = call.Get(_mask) ?? otherwise;
        call.RequireWith(mask is not null, _mask.Name, _mode, _level, _free);
        return mask;
    }

    /// <summary>How the model is focused.</summary>
    public FocusOptions Read(VerbCall call)
    {
        var level = call.Get(_level);
        return level > 0 && level <= 1
            ? new FocusOptions
            {
                Level = level,
                Mode = call.Get(_mode) switch { "width" => FocusMode.Width, "amplitude" => FocusMode.Amplitude, _ => FocusMode.Subtract },
            }
            : throw new InvalidInputException("must be above 0 and at most 1", _level.Name);
    }

    /// <summary>Whether the motion is learnt.</summary>
    public bool MotionPrior(VerbCall call) => !call.Get(_free);
}
