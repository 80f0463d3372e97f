using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Makes images of a projector's model for one optics group, one worker for each thread.</summary>
/// <remarks>By the definitions of docs/optics.md, coefficient by coefficient in float64 where the optics enter: images are made once.</remarks>
internal sealed class ModelImager
{
    private readonly IProjector<float> _projector;
    private readonly OpticsGroup _group;
    private readonly int _ewaldSign;
    private readonly DiscTransform _transform;

    /// <summary>Specimen to image: the image's coefficient at k is the specimen's at M k.</summary>
    private readonly MagnifiedTransform? _magnified;

    /// <summary>The specimen's frequency of each coefficient, 1/angstrom, and the phase of the odd aberrations there, radians.</summary>
    private readonly (double X, double Y, double Odd)[] _frequencies;

    /// <summary>Prepares a group.</summary>
    /// <param name="projector">The projector.</param>
    /// <param name="group">Size, pixel size and optics of the images, and how the CTF enters them.</param>
    /// <param name="ewaldSign">Sign of the Ewald sphere's curvature, for a gridding projector and images with their CTF; 0 for none.</param>
    public ModelImager(IProjector<float> projector, OpticsGroup group, int ewaldSign = 0)
    {
        (_projector, _group, _ewaldSign) = (projector, group, ewaldSign);
        var disc = projector.Disc;
        _transform = new DiscTransform(group.ImageSize, disc, group.OddOrigin);
        var magnification = group.Aberrations?.Magnification ?? Magnification.None;
        _magnified = magnification == Magnification.None ? null : new MagnifiedTransform(group.ImageSize, disc, magnification, group.OddOrigin);
        _frequencies = new (double, double, double)[disc.Count];
        for (var i = 0; i < disc.Count; i++)
        {
            var (x, y) = magnification.Apply(disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength);
            _frequencies[i] = (x, y, group.Aberrations?.OddPhase(x, y) ?? 0);
        }
    }

    /// <summary>Makes one thread's worker.</summary>
    public Worker CreateWorker() => new(this);

    /// <summary>The scratch of one thread.</summary>
    internal sealed class Worker(ModelImager owner)
    {
        private readonly IProjectorScratch _scratch = owner._projector.CreateScratch();
        private readonly float[] _re = new float[owner._frequencies.Length];
        private readonly float[] _im = new float[owner._frequencies.Length];
        private readonly (PoseJacobian<float> Even, PoseJacobian<float> Odd)? _curved = owner._ewaldSign == 0 ? null
            : (new(owner._projector.Disc), new(owner._projector.Disc));
        private readonly float[] _fft = new float[Math.Max(owner._transform.ScratchLength, owner._magnified?.ScratchLength ?? 0)];

        /// <summary>Makes the image of a particle.</summary>
        public void Render(Particle particle, Span<float> pixels)
        {
            if (_curved is { } curved)
            {
                RenderCurved(particle, curved.Even, curved.Odd, pixels);
            }
            else
            {
                owner._projector.Project(particle.Pose, _re, _im, _scratch);
                Magnify(_re, _im, pixels);
                ApplyOptics(particle.Ctf, _re, _im);
            }

            // The projection is an integral; the image's discrete transform is that over the voxel's volume.
            var scale = (float)Math.Pow(owner._group.PixelSize, -3);
            TensorPrimitives.Multiply(_re, scale, _re);
            TensorPrimitives.Multiply(_im, scale, _im);
            owner._transform.Inverse(_re, _im, pixels, _fft);
        }

        /// <summary>The even part with the transfer, the odd part with its quadrature.</summary>
        private void RenderCurved(Particle particle, PoseJacobian<float> even, PoseJacobian<float> odd, Span<float> pixels)
        {
            ((ICurvedProjector)owner._projector).ProjectCurved(
                particle.Pose, owner._ewaldSign * particle.Ctf.WavelengthAngstrom, even, odd, _scratch);
            Magnify(even.Re, even.Im, pixels);
            Magnify(odd.Re, odd.Im, pixels);
            ApplyOptics(particle.Ctf, even.Re, even.Im);
            ApplyOptics(particle.Ctf.Quadrature, odd.Re, odd.Im);
            TensorPrimitives.Add<float>(even.Re, odd.Re, _re);
            TensorPrimitives.Add<float>(even.Im, odd.Im, _im);
        }

        private void Magnify(Span<float> re, Span<float> im, Span<float> pixels)
        {
            if (owner._magnified is { } magnified)
            {
                owner._transform.Inverse(re, im, pixels, _fft);
                magnified.Forward(pixels, re, im, _fft);
            }
        }

        private void ApplyOptics(CtfParameters ctf, Span<float> re, Span<float> im)
        {
            var group = owner._group;
            for (var i = 0; i < re.Length; i++)
            {
                var (kx, ky, odd) = owner._frequencies[i];
                var c = group.CtfState == CtfState.None ? 1 : Ctf.Evaluate(ctf, kx, ky, group.Aberrations);
                c = group.CtfState switch { CtfState.PhaseFlipped => Math.Abs(c), CtfState.Premultiplied => c * c, _ => c };
                var (sin, cos) = Math.SinCos(odd);
                float a = (float)(c * cos), b = (float)(c * sin);
                (re[i], im[i]) = ((re[i] * a) - (im[i] * b), (re[i] * b) + (im[i] * a));
            }
        }
    }
}
