namespace Gmm.Refinement;

/// <summary>What a heterogeneity analysis is doing.</summary>
public enum HeterogeneityStage
{
    /// <summary>Reading the particles and their gradients.</summary>
    Preparing,

    /// <summary>Training the linear model.</summary>
    TrainingLinear,

    /// <summary>Training the networks beside it.</summary>
    TrainingNetworks,

    /// <summary>Refining every particle's latent point.</summary>
    RefiningLatents,
}
