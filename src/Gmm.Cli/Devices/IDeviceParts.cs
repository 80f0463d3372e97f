using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The parts that a job computes with: on the processor those given, as they are.</summary>
internal interface IDeviceParts : IDisposable
{
    /// <summary>Chooses how to project, before any part that does is asked for; says so where it measures.</summary>
    /// <param name="work">What is to be projected.</param>
    /// <param name="call">Whom to tell.</param>
    void Choose(DeviceWork work, VerbCall call)
    {
    }

    /// <summary>What builds models.</summary>
    /// <param name="managed">On the processor.</param>
    IModelBuilder ModelBuilder(IModelBuilder managed) => managed;

    /// <summary>What refines poses.</summary>
    /// <param name="managed">On the processor.</param>
    IPoseOptimizer Optimizer(IPoseOptimizer managed) => managed;

    /// <summary>What sums half maps.</summary>
    /// <param name="managed">On the processor.</param>
    IReconstructor Reconstructor(IReconstructor managed) => managed;

    /// <summary>What scores images with patches at poses; null for Gmm's own kernels.</summary>
    IBodyScorer? BodyScorer() => null;

    /// <summary>What scores images against deformed models; null for Gmm's own kernels.</summary>
    IMotionScorer? MotionScorer() => null;
}
