namespace Gmm.Core;

/// <summary>Makes the projectors of a job: one for each half, optics group and resolution.</summary>
public interface IProjectorFactory : IPart
{
    /// <summary>Makes a projector.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients to compute.</param>
    /// <returns>A projector of that model on that disc.</returns>
    IProjector<float> Create(GaussianModel model, FourierDisc disc);

    /// <summary>Makes a projector of a model focused on a region, whose Gaussians outside are much wider than those inside.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients to compute.</param>
    /// <returns>A projector of that model on that disc.</returns>
    IProjector<float> CreateFocused(GaussianModel model, FourierDisc disc) => Create(model, disc);
}
