using Gmm.Core;

namespace Gmm.Testing;

/// <summary>
/// The Cramer-Rao bound of a pose: no unbiased estimate from one image has a smaller covariance than the inverse of the Fisher information, here by its
/// definition in float64.
/// </summary>
/// <remarks>
/// An image is D = T P(pose) a / A^3 + N with white noise of standard deviation s in each of n x n pixels, so |N|^2 = n^2 s^2 at a coefficient, and with a
/// scale a that nobody knows. With the real and imaginary parts of all coefficients but the first as rows, the columns of J the five derivatives of the signal
/// over n s, and f the signal over n s,
///
///   I = 2 (J'J - J'f f'J / f'f),
///
/// where the second term is what is lost to the unknown scale, and 2 stands for the other one of each conjugate pair.
/// </remarks>
public static class CramerRao
{
    /// <summary>The Fisher information of a pose step.</summary>
    /// <param name="model">What is seen.</param>
    /// <param name="disc">The coefficients that are compared.</param>
    /// <param name="group">The optics group of the image.</param>
    /// <param name="ctf">The particle's CTF.</param>
    /// <param name="pose">The true pose.</param>
    /// <param name="noise">s, the standard deviation of the noise of a pixel.</param>
    /// <returns>25 values, row by row: three per radian, two per angstrom.</returns>
    public static double[] Information(GaussianModel model, FourierDisc disc, OpticsGroup group, CtfParameters ctf, Pose pose, double noise)
    {
        ArgumentNullException.ThrowIfNull(disc);
        ArgumentNullException.ThrowIfNull(group);
        const int n = Pose.ParameterCount;
        var projector = new DirectProjector<double>(model, disc);
        var jacobian = new PoseJacobian<double>(disc);
        projector.ProjectWithPoseDerivatives(pose, jacobian, projector.CreateScratch());
        var gram = new double[n + 1, n + 1];
        Span<double> row = stackalloc double[n + 1];
        for (var i = 1; i < disc.Count; i++)
        {
            var factor = ExactImages.Transfer(group, ctf, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength)
                / (Math.Pow(group.PixelSize, 3) * group.ImageSize * noise);
            for (var part = 0; part < 2; part++)
            {
                for (var p = 0; p < n; p++)
                {
                    row[p] = factor * (part == 0 ? jacobian.DerivativeRe(p)[i] : jacobian.DerivativeIm(p)[i]);
                }

                row[n] = factor * (part == 0 ? jacobian.Re[i] : jacobian.Im[i]);
                for (var p = 0; p <= n; p++)
                {
                    for (var q = 0; q <= n; q++)
                    {
                        gram[p, q] += 2 * row[p] * row[q];
                    }
                }
            }
        }

        var information = new double[n * n];
        for (var p = 0; p < n; p++)
        {
            for (var q = 0; q < n; q++)
            {
                information[(n * p) + q] = gram[p, q] - (gram[p, n] * gram[q, n] / gram[n, n]);
            }
        }

        return information;
    }

    /// <summary>The bound: the least covariance of an unbiased estimate, the inverse of <see cref="Information"/>.</summary>
    /// <param name="model">What is seen.</param>
    /// <param name="disc">The coefficients that are compared.</param>
    /// <param name="group">The optics group of the image.</param>
    /// <param name="ctf">The particle's CTF.</param>
    /// <param name="pose">The true pose.</param>
    /// <param name="noise">The standard deviation of the noise of a pixel.</param>
    /// <returns>25 values, row by row: three radians, two angstrom.</returns>
    /// <exception cref="ArgumentException">The image does not determine the pose: an information that is not positive.</exception>
    public static double[] Covariance(GaussianModel model, FourierDisc disc, OpticsGroup group, CtfParameters ctf, Pose pose, double noise)
    {
        var covariance = new double[Pose.ParameterCount * Pose.ParameterCount];
        return Cholesky.TryInvert(Pose.ParameterCount, Information(model, disc, group, ctf, pose, noise), covariance)
            ? covariance
            : throw new ArgumentException("The image does not determine the pose: its Fisher information has no inverse.", nameof(model));
    }
}
