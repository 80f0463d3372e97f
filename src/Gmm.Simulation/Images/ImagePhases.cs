using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>
/// Gives an image random phases beyond a frequency, as the test of Chen et al., Ultramicroscopy 135 (2013) 24, does with particles: what
/// shows up there afterwards comes from noise that was fitted.
/// </summary>
/// <param name="size">Side of the image, pixels.</param>
/// <param name="pixelSize">Angstrom per pixel.</param>
/// <param name="resolution">Resolution from which the phases are random, angstrom.</param>
/// <remarks>Holds the scratch of one thread. The image's own transform is changed, so no signal is left beyond the frequency at all.</remarks>
internal sealed class ImagePhases(int size, double pixelSize, double resolution)
{
    private readonly RealFft2D<float> _fft = new(size, size);
    private readonly float[] _re = new float[size * ((size / 2) + 1)];
    private readonly float[] _im = new float[size * ((size / 2) + 1)];
    private readonly float[] _scratch = new float[new RealFft2D<float>(size, size).ScratchLength];

    /// <summary>Randomises an image in place.</summary>
    /// <param name="image">Size x Size pixels.</param>
    /// <param name="random">The particle's generator.</param>
    public void Randomise(Span<float> image, ref SeededGenerator random)
    {
        _fft.Forward(image, _re, _im, _scratch);
        var width = (size / 2) + 1;
        var limit = size * pixelSize / resolution;
        for (var row = 0; row < size; row++)
        {
            var mirror = row == 0 ? 0 : size - row;
            var ky = row <= size / 2 ? row : row - size;
            for (var kx = 0; kx < width; kx++)
            {
                // A column that is its own mirror holds each coefficient twice: the first sets both, and one that is its own mirror stays real.
                var edge = kx == 0 || 2 * kx == size;
                if ((double)(kx * kx) + (ky * ky) < limit * limit || (edge && row > mirror))
                {
                    continue;
                }

                var i = (row * width) + kx;
                if (edge && row == mirror)
                {
                    _re[i] = random.Uniform() < 0.5 ? _re[i] : -_re[i];
                    continue;
                }

                var amplitude = Math.Sqrt((_re[i] * _re[i]) + (_im[i] * _im[i]));
                var (sin, cos) = Math.SinCos(2 * Math.PI * random.Uniform());
                (_re[i], _im[i]) = ((float)(amplitude * cos), (float)(amplitude * sin));
                if (edge)
                {
                    (_re[(mirror * width) + kx], _im[(mirror * width) + kx]) = (_re[i], -_im[i]);
                }
            }
        }

        _fft.Inverse(_re, _im, image, _scratch);
    }
}
