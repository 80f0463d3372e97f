using Gmm.Core;

namespace Gmm.Cli;

/// <summary>The one place where the tool starts a refinement.</summary>
internal static class RefinementRunner
{
    /// <summary>Runs the refinement and writes its outputs.</summary>
    /// <param name="request">What is to be done; inputs and outputs have been checked.</param>
    /// <param name="call">Threads, seed, console, cancellation.</param>
    /// <returns>What happened.</returns>
    public static RefineReport RunRefinement(RefineRequest request, VerbCall call) =>
        throw new InvalidInputException("this build of gmm has no refinement job", request.Particles);
}
