using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Makes images of a projector's model, one worker for each thread.</summary>
/// <param name="projector">The projector.</param>
/// <param name="group">Size and pixel size of the images.</param>
/// <param name="state">How the CTF enters them.</param>
internal sealed class ModelImager(IProjector<float> projector, OpticsGroup group, CtfState state)
{
    private readonly DiscTransform _transform = new(group.ImageSize, projector.Disc, group.OddOrigin);

    /// <summary>Makes one thread's worker.</summary>
    public Worker CreateWorker() => new(this);

    /// <summary>The scratch of one thread.</summary>
    internal sealed class Worker(ModelImager owner)
    {
        private readonly IProjectorScratch _scratch = owner.Projector.CreateScratch();
        private readonly float[] _re = new float[owner.Projector.Disc.Count];
        private readonly float[] _im = new float[owner.Projector.Disc.Count];
        private readonly float[] _transfer = new float[owner.Projector.Disc.Count];
        private readonly float[] _fft = new float[owner.Transform.ScratchLength];

        /// <summary>Makes the image of a particle.</summary>
        public void Render(Particle particle, Span<float> pixels)
        {
            owner.Projector.Project(particle.Pose, _re, _im, _scratch);
            Ctf.FillTransfer(particle.Ctf, owner.State, owner.Projector.Disc, _transfer);

            // The projection is an integral; the image's discrete transform is that over the voxel's volume.
            TensorPrimitives.Multiply(_transfer, (float)Math.Pow(owner.Group.PixelSize, -3), _transfer);
            TensorPrimitives.Multiply(_re, _transfer, _re);
            TensorPrimitives.Multiply(_im, _transfer, _im);
            owner.Transform.Inverse(_re, _im, pixels, _fft);
        }
    }

    private IProjector<float> Projector => projector;

    private OpticsGroup Group => group;

    private CtfState State => state;

    private DiscTransform Transform => _transform;
}
