namespace Gmm.Core;

/// <summary>The projectors that are ready, and how one of your own is put among them (samples/custom-projector.cs).</summary>
public static class Projectors
{
    /// <summary>
    /// The default: every Gaussian deposited on a grid, then one FFT (<see cref="GriddingProjector"/>); in layers where widths differ much
    /// (<see cref="LayeredProjector"/>).
    /// </summary>
    public static IProjectorFactory Gridding { get; } = new Factory(
        "gridding", (model, disc) => new GriddingProjector(model, disc), (model, disc) => LayeredProjector.Create(model, disc));

    /// <summary>The exact sum over all Gaussians at every coefficient: slow, the reference (<see cref="DirectProjector{T}"/>).</summary>
    public static IProjectorFactory Direct { get; } = Of("direct", (model, disc) => new DirectProjector<float>(model, disc));

    /// <summary>A projector of your own.</summary>
    /// <param name="name">What it is and every setting of it that changes a result, on one line.</param>
    /// <param name="create">Makes it.</param>
    /// <returns>A factory.</returns>
    public static IProjectorFactory Of(string name, Func<GaussianModel, FourierDisc, IProjector<float>> create) => new Factory(name, create, create);

    private sealed class Factory(
        string name, Func<GaussianModel, FourierDisc, IProjector<float>> create, Func<GaussianModel, FourierDisc, IProjector<float>> focused)
            : IProjectorFactory
    {
        public string Name => name;

        public IProjector<float> Create(GaussianModel model, FourierDisc disc) => create(model, disc);

        public IProjector<float> CreateFocused(GaussianModel model, FourierDisc disc) => focused(model, disc);
    }
}
