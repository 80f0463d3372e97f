using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>A map that RELION projected, as one narrow Gaussian per voxel, and how its projections compare with RELION's images.</summary>
internal sealed class RelionProjection : IDisposable
{
    /// <summary>The band compared, over Nyquist: RELION interpolates, which damages the outermost rings.</summary>
    private const double Band = 0.8;

    /// <summary>Width of a voxel's Gaussian, voxels: so narrow that it fades the corner of the band by 0.5 %.</summary>
    private const double Width = 0.04;

    private readonly StarParticles _images;
    private readonly DiscTransform _transform;
    private readonly float[] _pixels;
    private readonly float[] _scratch;

    public RelionProjection(string kind, string parity)
    {
        var map = MrcFile.ReadMap(TestFolder.Data("relion_project", $"map_{parity}.mrc"));
        Model = OneGaussianPerVoxel(map);
        var star = TestFolder.Data("relion_project", $"{kind}_{parity}.star");
        _images = StarParticles.Open(star, new StarParticlesOptions { RequireBothHalves = false, Root = Path.GetDirectoryName(star) });
        Disc = new FourierDisc(map.BoxLength, (int)(Band * map.Size / 2));
        _transform = new DiscTransform(map.Size, Disc);
        _pixels = new float[map.Size * map.Size];
        _scratch = new float[_transform.ScratchLength];
    }

    public GaussianModel Model { get; }

    public FourierDisc Disc { get; }

    public IReadOnlyList<Particle> Particles => _images.Particles;

    public IProjector<float> Projector(bool direct) => direct ? new DirectProjector<float>(Model, Disc) : new GriddingProjector(Model, Disc);

    /// <summary>RELION's image of a particle.</summary>
    public (float[] Re, float[] Im) Image(int index)
    {
        var (re, im) = (new float[Disc.Count], new float[Disc.Count]);
        _images.ReadImage(index, _pixels);
        _transform.Forward(_pixels, re, im, _scratch);
        return (re, im);
    }

    /// <summary>The model's image at a pose: its projection over the voxel's volume, times the CTF if there is one.</summary>
    public (float[] Re, float[] Im) Project(IProjector<float> projector, Pose pose, CtfParameters? ctf)
    {
        var (re, im) = (new float[Disc.Count], new float[Disc.Count]);
        projector.Project(pose, re, im, projector.CreateScratch());
        var transfer = new float[Disc.Count];
        Array.Fill(transfer, 1);
        if (ctf is not null)
        {
            Ctf.FillTransfer(ctf, CtfState.Unmodified, Disc, transfer);
        }

        var volume = (float)Math.Pow(Model.PixelSize, 3);
        for (var i = 0; i < re.Length; i++)
        {
            re[i] *= transfer[i] / volume;
            im[i] *= transfer[i] / volume;
        }

        return (re, im);
    }

    /// <summary>Correlation over rings 1 up, and the factor by which b is stronger than a.</summary>
    public static (double Correlation, double Ratio) Compare((float[] Re, float[] Im) a, (float[] Re, float[] Im) b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var i = 1; i < a.Re.Length; i++)
        {
            ab += (a.Re[i] * (double)b.Re[i]) + (a.Im[i] * (double)b.Im[i]);
            aa += (a.Re[i] * (double)a.Re[i]) + (a.Im[i] * (double)a.Im[i]);
            bb += (b.Re[i] * (double)b.Re[i]) + (b.Im[i] * (double)b.Im[i]);
        }

        return (ab / Math.Sqrt(aa * bb), Math.Sqrt(bb / aa));
    }

    public void Dispose() => _images.Dispose();

    private static GaussianModel OneGaussianPerVoxel(DensityMap map)
    {
        int n = map.Size, half = n / 2;
        var (a, voxel) = (map.PixelSize, Math.Pow(map.PixelSize, 3));
        float[] x = new float[map.Voxels.Length], y = new float[x.Length], z = new float[x.Length], amplitude = new float[x.Length],
            width = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            (x[i], y[i], z[i]) = ((float)(((i % n) - half) * a), (float)(((i / n % n) - half) * a), (float)(((i / (n * n)) - half) * a));
            amplitude[i] = (float)(map.Voxels[i] * voxel);
            width[i] = (float)(Width * a);
        }

        return new GaussianModel(x, y, z, amplitude, width, n, a);
    }
}
