using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>What the tool sets and says of a focused refinement.</summary>
internal static class FocusRun
{
    /// <summary>The region of a request.</summary>
    public static FocusRegionOptions Options(string path, SolventMask mask, RefineRequest request, StarParticles particles) => new()
    {
        Mask = mask,
        Name = path,
        Options = request.FocusOptions,
        MotionPrior = request.MotionPrior,
        Consensus = request.Consensus is { } file ? Consensus(file, request, particles) : null,
        ConsensusName = request.Consensus,
    };

    /// <summary>The poses in a file of the same particles.</summary>
    private static Pose[] Consensus(string file, RefineRequest request, StarParticles particles)
    {
        // A flat file does not say how large its images are, nor need it here.
        using var read = StarParticles.Open(
            file, request.Reading with { RequireImages = false, RequireCtf = false, ImageSize = particles.OpticsGroups[0].ImageSize });
        using var expanded = request.ExpandSymmetry.Order > 1 ? read.ExpandSymmetry(request.ExpandSymmetry) : null;
        particles.RequireSameParticles(expanded ?? read);
        return [.. (expanded ?? read).Particles.Select(p => p.Pose)];
    }

    /// <summary>One line for an iteration.</summary>
    public static string Iteration(FocusRecord focus)
    {
        var moved = Texts.Line($"  region: poses {focus.RotationRmsDegrees:F1} deg and {focus.ShiftRmsAngstrom:F1} A rms from the consensus, ")
            + Texts.Line($"{focus.MovementRmsAngstrom:F1} A in the image");
        return focus.Motion is not { } motion ? moved : moved + "; motion of its halves "
            + string.Join(" and ", motion.Both.Select(m => Texts.Line($"{m.Modes[0].RmsAngstrom:F1} A rms ({m.Modes[0].RotationDegrees:F1} deg)")));
    }

    /// <summary>The summary for people.</summary>
    public static IEnumerable<string> Describe(FocusRecord focus)
    {
        yield return Texts.Line($"region: poses moved by {focus.RotationRmsDegrees:F2} deg and {focus.ShiftRmsAngstrom:F2} A rms about its centre, ")
            + Texts.Line($"{focus.MovementRmsAngstrom:F2} A in the image");
        for (var h = 0; h < (focus.Motion?.Both.Count ?? 0); h++)
        {
            var half = focus.Motion!.Both[h];
            yield return Texts.Line($"motion, half {h + 1}: ")
                + string.Join(
                    "; ",
                    half.Modes.Take(3).Select(m =>
                        Texts.Line($"{m.RmsAngstrom:F1} A rms ({m.RotationDegrees:F1} deg about ({m.Axis[0]:F2}, {m.Axis[1]:F2}, {m.Axis[2]:F2}), ")
                            + Texts.Line($"shift {m.ShiftAngstrom:F1} A)")));
        }

        if (!focus.Signal)
        {
            yield return Texts.Line($"the region carries no signal to refine poses on: its half maps agree by {focus.Agreement:F2} on average between ")
                + "20 and 10 A (0.3 is the least); keep the poses of the whole";
        }
    }
}
