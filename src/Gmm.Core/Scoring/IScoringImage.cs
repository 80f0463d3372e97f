namespace Gmm.Core;

/// <summary>A particle image as a scorer needs it, and the scratch to score it with. Of one thread, used again for the next image.</summary>
public interface IScoringImage
{
    /// <summary>Takes an image, once for all poses.</summary>
    /// <param name="re">Real parts of the image's transform, Disc.Count values.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="transfer">What multiplies the projection in this image (<see cref="Ctf.FillTransfer"/>).</param>
    void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer);

    /// <summary>The objective and the correlation at a projection. Overwrites the projection.</summary>
    /// <param name="projection">The projection; its derivative images are not read. Its values are overwritten.</param>
    /// <returns>The score.</returns>
    PoseScore Score(PoseJacobian<float> projection);

    /// <summary>The score with the objective's derivatives with respect to a pose step. Overwrites the projection and its derivative images.</summary>
    /// <param name="projection">The projection and its derivative images, which are overwritten.</param>
    /// <param name="gradient">Five values: three per radian, two per angstrom. What was there before means nothing; every value is to be written.</param>
    /// <param name="gaussNewton">Twenty-five values, row by row, symmetric, positive semi-definite; every value is to be written.</param>
    /// <returns>The score.</returns>
    PoseScore Evaluate(PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton);
}
