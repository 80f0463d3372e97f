namespace Gmm.Heterogeneity;

/// <summary>What a heterogeneity analysis is doing.</summary>
public enum HeterogeneityStage
{
    /// <summary>Reconstructing maps for neutral models of the half's own particles.</summary>
    Reconstructing,

    /// <summary>Making those models.</summary>
    Modelling,

    /// <summary>Reading the particles and their gradients.</summary>
    Preparing,

    /// <summary>Training the linear model.</summary>
    TrainingLinear,

    /// <summary>Training the networks beside it.</summary>
    TrainingNetworks,

    /// <summary>Refining every particle's latent point.</summary>
    RefiningLatents,
}
