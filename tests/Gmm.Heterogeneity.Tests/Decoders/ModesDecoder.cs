using Gmm.Core;

namespace Gmm.Heterogeneity.Tests;

/// <summary>
/// A decoder that is none of the library's, and cannot start from the closed form: a linear
/// basis of two modes, what lies beyond x = 15 tilting about y and shifting along y.
/// </summary>
internal sealed class ModesDecoder(GaussianModel model, ReadOnlyMemory<float> focus, int latent, WeightBlock weights) : ITrainableDecoder, IDeformer
{
    public const int Modes = 2;
    private const float Hinge = 15;

    public int LatentDimension => latent;

    public int GaussianCount => model.Count;

    public int ControlCount => Modes;

    public IReadOnlyList<WeightBlock> Weights { get; } = [weights];

    public IDeformer Deformer => this;

    /// <summary>A factory; the weights start as a small tilt for the first coordinate and a small shift for the second.</summary>
    public static IDecoderFactory Factory(string name = "modes(2)") => Decoders.Of(name, context => new ModesDecoder(
        context.Model, context.FocusWeights, context.LatentDimension,
        new WeightBlock("modes", [.. Enumerable.Range(0, Modes * context.LatentDimension)
            .Select(i => i / context.LatentDimension == i % context.LatentDimension ? 1f : 0)])));

    public IBatchPass CreatePass() => new Pass(weights.Values, latent);

    public ITrainableDecoder On(GaussianModel other, ReadOnlyMemory<float> itsFocus) => new ModesDecoder(other, itsFocus, latent, weights);

    public void Transform(ReadOnlySpan<double> matrix)
    {
        var old = (float[])weights.Values.Clone();
        for (var i = 0; i < old.Length; i++)
        {
            double sum = 0;
            for (var l = 0; l < latent; l++)
            {
                sum += matrix[(i % latent * latent) + l] * old[(i / latent * latent) + l];
            }

            weights.Values[i] = (float)sum;
        }
    }

    public void Velocities(ReadOnlySpan<float> point, IReadOnlyList<ModelDeformation> columns)
    {
        for (var k = 0; k < latent; k++)
        {
            Apply([weights.Values[k], weights.Values[latent + k]], columns[k]);
        }
    }

    public void Apply(ReadOnlySpan<float> controls, ModelDeformation result)
    {
        result.Clear();
        for (var j = 0; j < model.Count; j++)
        {
            var (x, y, z) = Move(j, controls[0], controls[1]);
            (result.X[j], result.Y[j], result.Z[j]) = (x, y, z);
        }
    }

    public void PullToControls(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result)
    {
        result.Clear();
        for (var j = 0; j < model.Count; j++)
        {
            var (x, _, z) = Move(j, 1, 0);
            result[0] += (x * gradient.X[j]) + (z * gradient.Z[j]);
            result[1] += Move(j, 0, 1).Y * gradient.Y[j];
        }
    }

    public void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result) => Apply(rates, result);

    private (float X, float Y, float Z) Move(int j, float tilt, float shift)
    {
        var f = focus.Span[j] * (model.X[j] > Hinge ? 1 : 0);
        return (f * tilt * model.Z[j] / 50, f * shift, -f * tilt * (model.X[j] - Hinge) / 50);
    }

    /// <summary>Controls are the weights (modes x d) times the latent points.</summary>
    private sealed class Pass(float[] weights, int latent) : IBatchPass
    {
        private float[] _points = [];

        public float[] Forward(ReadOnlySpan<float> inputs, int rows)
        {
            _points = inputs[..(rows * latent)].ToArray();
            var result = new float[rows * Modes];
            for (var i = 0; i < result.Length; i++)
            {
                for (var k = 0; k < latent; k++)
                {
                    result[i] += weights[(i % Modes * latent) + k] * _points[(i / Modes * latent) + k];
                }
            }

            return result;
        }

        public float[] Backward(ReadOnlySpan<float> outputs, IReadOnlyList<float[]> gradients)
        {
            var result = new float[_points.Length];
            for (var i = 0; i < _points.Length / latent * Modes; i++)
            {
                for (var k = 0; k < latent; k++)
                {
                    result[(i / Modes * latent) + k] += weights[(i % Modes * latent) + k] * outputs[i];
                    if (gradients.Count > 0)
                    {
                        gradients[0][(i % Modes * latent) + k] += outputs[i] * _points[(i / Modes * latent) + k];
                    }
                }
            }

            return result;
        }
    }
}
