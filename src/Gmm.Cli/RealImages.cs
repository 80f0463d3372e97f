using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>A few images in Fourier space, with the mean power of each ring as an estimate of the noise (the signal is a small part of it).</summary>
internal sealed class RealImages
{
    private readonly StarParticles _particles;
    private readonly float[][] _re;
    private readonly float[][] _im;

    public RealImages(StarParticles particles, FourierDisc disc)
    {
        (_particles, Disc) = (particles, disc);
        var count = particles.Particles.Count;
        (_re, _im, RingPower) = (new float[count][], new float[count][], new double[disc.Radius + 1]);
        var size = particles.OpticsGroups[0].ImageSize;
        var transform = new DiscTransform(size, disc);
        float[] pixels = new float[size * size], scratch = new float[transform.ScratchLength];
        for (var i = 0; i < count; i++)
        {
            particles.ReadImage(i, pixels);
            transform.Forward(pixels, _re[i] = new float[disc.Count], _im[i] = new float[disc.Count], scratch);
            for (var q = 0; q <= disc.Radius; q++)
            {
                double sum = 0;
                for (var c = disc.RingStart(q); c < disc.RingStart(q + 1); c++)
                {
                    sum += ((double)_re[i][c] * _re[i][c]) + ((double)_im[i][c] * _im[i][c]);
                }

                RingPower[q] += sum / (disc.RingStart(q + 1) - disc.RingStart(q)) / count;
            }
        }
    }

    /// <summary>The coefficients held.</summary>
    public FourierDisc Disc { get; }

    /// <summary>Mean power of a coefficient in each ring.</summary>
    public double[] RingPower { get; }

    /// <summary>Puts an image and its CTF into a workspace.</summary>
    public void Load(int index, PoseWorkspace workspace)
    {
        _re[index].CopyTo(workspace.Re, 0);
        _im[index].CopyTo(workspace.Im, 0);
        var particle = _particles.Particles[index];
        Ctf.FillTransfer(particle.Ctf, _particles.OpticsGroups[particle.OpticsIndex].CtfState, Disc, workspace.Transfer);
        workspace.Prepare();
    }
}
