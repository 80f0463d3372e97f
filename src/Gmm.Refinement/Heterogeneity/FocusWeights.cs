using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The focus mask at every Gaussian's centre, by trilinear interpolation; 0 outside the mask's box.</summary>
internal static class FocusWeights
{
    /// <summary>Looks the mask up.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mask">The mask; null: everything moves.</param>
    /// <returns>0 to 1 for each Gaussian.</returns>
    /// <exception cref="InvalidInputException">No Gaussian lies inside.</exception>
    public static float[] Of(GaussianModel model, SolventMask? mask)
    {
        var weights = new float[model.Count];
        if (mask is null)
        {
            Array.Fill(weights, 1);
            return weights;
        }

        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = (float)Math.Clamp(At(mask, model.X[j], model.Y[j], model.Z[j]), 0, 1);
        }

        return Array.Exists(weights, w => w > 0.1f)
            ? weights
            : throw new InvalidInputException("no Gaussian of the model lies inside the focus mask", "focus mask");
    }

    private static double At(SolventMask mask, double x, double y, double z)
    {
        int n = mask.Size, half = n / 2;
        double fx = (x / mask.PixelSize) + half, fy = (y / mask.PixelSize) + half, fz = (z / mask.PixelSize) + half;
        int ix = (int)Math.Floor(fx), iy = (int)Math.Floor(fy), iz = (int)Math.Floor(fz);
        double sum = 0;
        for (var corner = 0; corner < 8; corner++)
        {
            int cx = ix + (corner & 1), cy = iy + ((corner >> 1) & 1), cz = iz + (corner >> 2);
            if (cx >= 0 && cy >= 0 && cz >= 0 && cx < n && cy < n && cz < n)
            {
                sum += (1 - Math.Abs(fx - cx)) * (1 - Math.Abs(fy - cy)) * (1 - Math.Abs(fz - cz)) * mask.Voxels[(((cz * n) + cy) * n) + cx];
            }
        }

        return sum;
    }
}
