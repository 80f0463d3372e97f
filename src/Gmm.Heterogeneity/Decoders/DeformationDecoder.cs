using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The decoder: controls = S z + f(z) - f(0), a linear part and a network's, then a deformer. The difference makes the latent point 0 the
/// neutral model exactly; the linear part is the motion's linear model, to which the network adds bends.
/// </summary>
internal sealed class DeformationDecoder : IDeformationDecoder
{
    private readonly DeformationDecoder? _origin;
    private readonly double _farthest;
    private bool _usesNetwork;

    /// <summary>Makes a decoder whose weights are all zero.</summary>
    /// <param name="latent">Latent coordinates.</param>
    /// <param name="hidden">Widths of the network's hidden layers.</param>
    /// <param name="deformer">From controls to Gaussians.</param>
    /// <param name="model">The model, for its number of Gaussians and its box.</param>
    public DeformationDecoder(int latent, IReadOnlyList<int> hidden, IDeformer deformer, GaussianModel model)
    {
        (LatentDimension, Deformer, GaussianCount) = (latent, deformer, model.Count);
        _farthest = PhysicalLimits.Farthest(model.BoxLength);
        Linear = new DenseNetwork([latent, deformer.ControlCount], biases: false);
        Network = new DenseNetwork([latent, .. hidden, deformer.ControlCount]);
    }

    private DeformationDecoder(DeformationDecoder origin, IDeformer deformer, GaussianModel model)
    {
        (LatentDimension, Deformer, GaussianCount) = (origin.LatentDimension, deformer, model.Count);
        _farthest = PhysicalLimits.Farthest(model.BoxLength);
        (_origin, Linear, Network) = (origin, origin.Linear, origin.Network);
    }

    /// <inheritdoc/>
    public int LatentDimension { get; }

    /// <inheritdoc/>
    public int GaussianCount { get; }

    /// <summary>From controls to Gaussians.</summary>
    public IDeformer Deformer { get; }

    /// <summary>The linear part.</summary>
    public DenseNetwork Linear { get; }

    /// <summary>The network.</summary>
    public DenseNetwork Network { get; }

    /// <summary>Whether the network is used; until it is, the decoder is linear.</summary>
    public bool UsesNetwork
    {
        get => _origin?.UsesNetwork ?? _usesNetwork;
        set => _usesNetwork = value;
    }

    /// <summary>The same motion on the Gaussians of another model: the weights are shared.</summary>
    /// <param name="deformer">From the same controls to that model's Gaussians.</param>
    /// <param name="model">That model.</param>
    /// <returns>The decoder.</returns>
    public DeformationDecoder With(IDeformer deformer, GaussianModel model) => new(this, deformer, model);

    /// <summary>The controls of a batch of latent points.</summary>
    /// <param name="latent">rows x LatentDimension values.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="tape">Keeps what <see cref="BackwardControls"/> needs.</param>
    /// <returns>rows x ControlCount values, new.</returns>
    public float[] Controls(ReadOnlySpan<float> latent, int rows, DecoderTape tape)
    {
        var n = Deformer.ControlCount;
        var controls = Linear.Forward(latent, rows, tape.Linear).ToArray();
        if (UsesNetwork)
        {
            // The last row is the point 0.
            var with = new float[(rows + 1) * LatentDimension];
            latent[..(rows * LatentDimension)].CopyTo(with);
            var outputs = Network.Forward(with, rows + 1, tape.Network);
            var neutral = outputs.Slice(rows * n, n);
            for (var r = 0; r < rows; r++)
            {
                var line = controls.AsSpan(r * n, n);
                TensorPrimitives.Add(line, outputs.Slice(r * n, n), line);
                TensorPrimitives.Subtract(line, neutral, line);
            }
        }

        return controls;
    }

    /// <summary>Takes derivatives with respect to a batch's controls back to the weights and the latent points.</summary>
    /// <param name="tape">The tape of the last <see cref="Controls"/>.</param>
    /// <param name="controls">rows x ControlCount derivatives.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="linear">The linear weights' derivatives, added to; empty if not wanted.</param>
    /// <param name="network">The network weights' derivatives, added to; empty if not wanted.</param>
    /// <returns>rows x LatentDimension derivatives, new.</returns>
    public float[] BackwardControls(DecoderTape tape, ReadOnlySpan<float> controls, int rows, Span<float> linear, Span<float> network)
    {
        var n = Deformer.ControlCount;
        var result = Linear.Backward(tape.Linear, controls, linear).ToArray();
        if (UsesNetwork)
        {
            var with = new float[(rows + 1) * n];
            controls[..(rows * n)].CopyTo(with);
            var neutral = with.AsSpan(rows * n, n);
            for (var r = 0; r < rows; r++)
            {
                TensorPrimitives.Subtract(neutral, controls.Slice(r * n, n), neutral);
            }

            var inputs = Network.Backward(tape.Network, with, network);
            TensorPrimitives.Add(result, inputs[..result.Length], result);
        }

        return result;
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<float> latent, ModelDeformation result)
    {
        Deformer.Apply(Controls(latent, 1, new DecoderTape()), result);
        // Not a number is handed on, and fails the test too.
        var (x, y, z, a) = (TensorPrimitives.MaxMagnitude<float>(result.X), TensorPrimitives.MaxMagnitude<float>(result.Y), TensorPrimitives.MaxMagnitude<float>(result.Z), TensorPrimitives.MaxMagnitude<float>(result.Amplitudes));
        if (!(Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z))) <= _farthest) || !(Math.Abs(a) <= PhysicalLimits.LargestAmplitude))
        {
            throw new InvalidInputException(FormattableString.Invariant(
                $"the weights of the autoencoder are beyond any molecule: at the latent point ({string.Join(", ", latent.ToArray().Select(v => v.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)))}) they move a Gaussian by ({x:G4}, {y:G4}, {z:G4}) angstrom"));
        }
    }

    /// <summary>Checks the weights of a file: at no latent point within three standard deviations along an axis may they move a Gaussian out of any measure.</summary>
    /// <param name="file">The file, for the message.</param>
    /// <exception cref="InvalidInputException">They do, or give no number.</exception>
    public void CheckReach(string file)
    {
        var result = new ModelDeformation(GaussianCount);
        for (var k = 0; k < 2 * LatentDimension; k++)
        {
            var latent = new float[LatentDimension];
            latent[k / 2] = k % 2 == 0 ? 3 : -3;
            try
            {
                Decode(latent, result);
            }
            catch (InvalidInputException e)
            {
                throw new InvalidInputException(e.Message, file, null, "weights", e);
            }
        }
    }

    /// <inheritdoc/>
    public void PullBack(ReadOnlySpan<float> latent, ModelGradient<float> gradient, Span<float> result)
    {
        var tape = new DecoderTape();
        var controls = Controls(latent, 1, tape);
        var derivatives = new float[controls.Length];
        Deformer.PullBack(controls, gradient, derivatives);
        BackwardControls(tape, derivatives, 1, [], []).CopyTo(result);
    }

    /// <inheritdoc/>
    public void Velocities(ReadOnlySpan<float> latent, IReadOnlyList<ModelDeformation> columns)
    {
        var controls = Controls(latent, 1, new DecoderTape());
        var rates = ControlRates(latent);
        for (var k = 0; k < LatentDimension; k++)
        {
            Deformer.Velocity(controls, rates.AsSpan(k * controls.Length, controls.Length), columns[k]);
        }
    }

    /// <summary>Changes the latent space: the deformation of the point M^-1 z becomes what that of z was.</summary>
    /// <param name="transposed">The transpose of M, d x d values: for a rotation R of the points, R itself, for a symmetric matrix its inverse.</param>
    public void Transform(ReadOnlySpan<double> transposed)
    {
        LatentSpace.TransformInputs(Linear.Weights(0), transposed, LatentDimension);
        LatentSpace.TransformInputs(Network.Weights(0), transposed, LatentDimension);
    }

    /// <summary>The controls' rates of change along each latent coordinate: LatentDimension x ControlCount values.</summary>
    private float[] ControlRates(ReadOnlySpan<float> latent)
    {
        var d = LatentDimension;
        var unit = new float[d * d];
        for (var k = 0; k < d; k++)
        {
            unit[(k * d) + k] = 1;
        }

        var tape = new DecoderTape();
        Linear.Forward(latent, 1, tape.Linear);
        var rates = Linear.Tangents(tape.Linear, unit, d);
        if (UsesNetwork)
        {
            Network.Forward(latent, 1, tape.Network);
            TensorPrimitives.Add(rates, Network.Tangents(tape.Network, unit, d), rates);
        }

        return rates;
    }
}
