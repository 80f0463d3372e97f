using System.Globalization;
using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Refuses deformations that throw a Gaussian out of any measure: weights that come from a file may be anything.</summary>
internal static class DeformationReach
{
    /// <summary>Requires a deformation within the limits of <see cref="PhysicalLimits"/>.</summary>
    /// <exception cref="InvalidInputException">It is beyond, or not a number.</exception>
    public static void Require(ModelDeformation deformation, GaussianModel model, ReadOnlySpan<float> latent)
    {
        // Not a number is handed on, and fails the test too.
        float x = TensorPrimitives.MaxMagnitude<float>(deformation.X), y = TensorPrimitives.MaxMagnitude<float>(deformation.Y),
            z = TensorPrimitives.MaxMagnitude<float>(deformation.Z);
        var farthest = Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z)));
        if (!(farthest <= PhysicalLimits.Farthest(model.BoxLength))
            || !(Math.Abs(TensorPrimitives.MaxMagnitude<float>(deformation.Amplitudes)) <= PhysicalLimits.LargestAmplitude))
        {
            var point = string.Join(", ", latent.ToArray().Select(v => v.ToString("G4", CultureInfo.InvariantCulture)));
            throw new InvalidInputException(
                FormattableString.Invariant($"the weights of the autoencoder are beyond any molecule: at the latent point ({point}) they ")
                    + FormattableString.Invariant($"move a Gaussian by ({x:G4}, {y:G4}, {z:G4}) angstrom"));
        }
    }

    /// <summary>
    /// Checks the weights of a file: at no latent point within three standard deviations along an axis may they move a Gaussian out of any measure.
    /// </summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="model">Its model.</param>
    /// <param name="file">The file, for the message.</param>
    /// <exception cref="InvalidInputException">They do, or give no number.</exception>
    public static void Check(IDeformationDecoder decoder, GaussianModel model, string file)
    {
        var result = new ModelDeformation(model.Count);
        for (var k = 0; k < 2 * decoder.LatentDimension; k++)
        {
            var latent = new float[decoder.LatentDimension];
            latent[k / 2] = k % 2 == 0 ? 3 : -3;
            try
            {
                decoder.Decode(latent, result);
                Require(result, model, latent);
            }
            catch (InvalidInputException e)
            {
                throw new InvalidInputException(e.Message, file, null, "weights", e);
            }
        }
    }
}
