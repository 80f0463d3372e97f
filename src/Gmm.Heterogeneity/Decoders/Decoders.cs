using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The decoders of this library (docs/heterogeneity.md, section "Decoders"): controls = S z + f(z) - f(0), with a linear part S and a small network
/// f, then a deformer.
/// </summary>
public static class Decoders
{
    private const string AnchorsWord = "anchors";
    private const string FreeWord = "mlp";
    private const string RigidWord = "rigid";
    private const string AmplitudesWord = "amplitudes";

    private static readonly int[] DefaultHidden = [32, 64];

    /// <summary>Anchors move, and their displacements are spread to the Gaussians by normalised weights (the paper's hierarchical decoder).</summary>
    /// <param name="amplitudes">Whether they change the Gaussians' amplitudes too.</param>
    /// <param name="hidden">Widths of the network's hidden layers; 32 and 64 by default.</param>
    /// <returns>The factory.</returns>
    /// <exception cref="ArgumentException">Widths out of range.</exception>
    public static IDecoderFactory Anchors(bool amplitudes = false, IReadOnlyList<int>? hidden = null) => new Known(AnchorsWord, hidden)
    {
        ChangesAmplitudes = amplitudes,
        Deformer = context =>
        {
            var anchors = context.Anchors
                ?? throw new InvalidOperationException("The anchor decoder is made by an analysis or by a file's reader, which place the anchors.");
            return (model, focus) => new AnchorDeformer(model, anchors, focus.Span, amplitudes);
        },
    };

    /// <summary>Every Gaussian moves on its own, by a wider output layer. Belongs to one model's Gaussians.</summary>
    /// <param name="hidden">Widths of the network's hidden layers; 32 and 64 by default.</param>
    /// <returns>The factory.</returns>
    /// <exception cref="ArgumentException">Widths out of range.</exception>
    public static IDecoderFactory Free(IReadOnlyList<int>? hidden = null) => new Known(FreeWord, hidden)
    {
        CarriesOver = false,
        Deformer = context => (model, focus) => ReferenceEquals(model, context.Model)
            ? new FreeDeformer(focus.ToArray())
            : throw new InvalidOperationException("The free decoder belongs to one model's Gaussians."),
    };

    /// <summary>One rigid body: the Gaussians of the focus mask turn and shift about its centroid. Six coordinates at most.</summary>
    /// <param name="hidden">Widths of the network's hidden layers; 32 and 64 by default.</param>
    /// <returns>The factory.</returns>
    /// <exception cref="ArgumentException">Widths out of range.</exception>
    public static IDecoderFactory Rigid(IReadOnlyList<int>? hidden = null) => new Known(RigidWord, hidden)
    {
        MostCoordinates = RigidDeformer.Controls,
        Deformer = context =>
        {
            var body = new RigidDeformer(context.Model, context.FocusWeights.ToArray());
            return (model, focus) => ReferenceEquals(model, context.Model) ? body : body.On(model, focus.ToArray());
        },
    };

    /// <summary>A decoder of your own, whose motion can be carried over to the models of folds (<see cref="ITrainableDecoder.On"/>).</summary>
    /// <param name="name">What the decoder is and every setting of it that changes a result, in one line.</param>
    /// <param name="create">Makes it.</param>
    /// <returns>The factory; to read an autoencoder's file it has to be given to the reader.</returns>
    public static IDecoderFactory Of(string name, Func<DecoderContext, ITrainableDecoder> create) => new Own(name, create);

    /// <summary>This library's linear part and network with a deformer of your own: start, training and files come with it.</summary>
    /// <param name="name">What the deformer is and every setting of it that changes a result, in one line.</param>
    /// <param name="deformer">
    /// Makes the deformer of a model, with the same number of controls of the same meaning for every model of the structure: it is called again for
    /// the models of folds.
    /// </param>
    /// <param name="hidden">Widths of the network's hidden layers; 32 and 64 by default.</param>
    /// <returns>The factory; to read an autoencoder's file it has to be given to the reader.</returns>
    /// <exception cref="ArgumentException">Widths out of range.</exception>
    public static IDecoderFactory OfDeformer(string name, Func<DecoderContext, IDeformer> deformer, IReadOnlyList<int>? hidden = null) =>
        new Known(name, hidden)
        {
            Deformer = context => (model, focus) => deformer(context with { Model = model, FocusWeights = focus }),
        };

    /// <summary>The decoder of this library with a name, as files have it.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Its factory; null if this library has none of that name.</returns>
    public static IDecoderFactory? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (PartText.Parse(name) is not ({ } word, { } settings) || settings.Length == 0 || HiddenLayers.Parse(settings[^1]) is not { } hidden)
        {
            return null;
        }

        var amplitudes = settings.Length == 2 && settings[0] == AmplitudesWord;
        IDecoderFactory? found = (word, settings.Length) switch
        {
            (AnchorsWord, 1 or 2) => Anchors(amplitudes, hidden),
            (FreeWord, 1) => Free(hidden),
            (RigidWord, 1) => Rigid(hidden),
            _ => null,
        };
        return found?.Name == name ? found : null;
    }

    private sealed class Own(string name, Func<DecoderContext, ITrainableDecoder> create) : IDecoderFactory
    {
        public string Name => name;

        public ITrainableDecoder Create(DecoderContext context) => create(context);
    }

    private sealed class Known(string word, IReadOnlyList<int>? hidden) : IDecoderFactory
    {
        private readonly IReadOnlyList<int> _hidden = HiddenLayers.Checked(hidden ?? DefaultHidden);

        public string Name => PartText.Of(word, ChangesAmplitudes ? AmplitudesWord : null, HiddenLayers.Text(_hidden));

        public int MostCoordinates { get; init; } = int.MaxValue;

        public bool ChangesAmplitudes { get; init; }

        public bool CarriesOver { get; init; } = true;

        public required Func<DecoderContext, Func<GaussianModel, ReadOnlyMemory<float>, IDeformer>> Deformer { get; init; }

        public ITrainableDecoder Create(DecoderContext context) => new DeformationDecoder(context, _hidden, Deformer(context));
    }
}
