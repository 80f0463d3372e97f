using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>The transforms of images of one optics group as kernels see them, and what is known of their optics.</summary>
internal struct ImageViews
{
    /// <summary>In <see cref="Place"/>: the specimen's frequency lies beyond the image's corner.</summary>
    public const int Unmeasured = int.MaxValue;

    private const int Taps = MagnifiedTransform.Taps;

    /// <summary>The coefficients wanted.</summary>
    public DiscViews Disc;

    /// <summary>Slots.</summary>
    public int Slots;

    /// <summary>The images' <see cref="CtfState"/>.</summary>
    public int State;

    /// <summary>Whether a slot has an image.</summary>
    public ArrayView<int> Active;

    /// <summary>Columns 0 to BandRadius of the transforms, rows -BandRadius to BandRadius each.</summary>
    public ArrayView<float> Band;

    /// <summary>Largest frequency of a band.</summary>
    public int BandRadius;

    /// <summary>Whether images are magnified, their transforms finer, and coefficients gathered between them.</summary>
    public int IsMagnified;

    /// <summary>For each coefficient the first column and row that it takes from.</summary>
    public ArrayView<int> Place;

    /// <summary>For each coefficient the weights of the columns, then of the rows.</summary>
    public ArrayView<float> Weights;

    /// <summary>By what each coefficient is multiplied, real and imaginary part: the phase origin, exp(-i odd), and the detector's fall-off.</summary>
    public ArrayView<float> Turn;

    /// <summary>Turns that even aberrations add.</summary>
    public ArrayView<float> EvenTurns;

    /// <summary>The particles' CTFs.</summary>
    public ArrayView<CtfTerms> Ctf;

    /// <summary>A coefficient of an image: the phase origin put right, odd aberrations and magnification taken out, and its transfer.</summary>
    public readonly void Read(int slot, int k, out float re, out float im, out float transfer)
    {
        int kx = Disc.Kx[k], ky = Disc.Ky[k];
        float a = 0, b = 0;
        transfer = 0;
        if (IsMagnified == 0)
        {
            var at = At(slot, kx, ky);
            a = Band[at];
            b = Band[at + 1];
            transfer = DeviceCtf.Transfer(Ctf[slot], State, kx, ky, EvenTurns[k]);
        }
        else if (Place[2 * k] != Unmeasured)
        {
            Gather(slot, k, out a, out b);
            transfer = DeviceCtf.Transfer(Ctf[slot], State, kx, ky, EvenTurns[k]);
        }

        float c = Turn[2 * k], s = Turn[(2 * k) + 1];
        re = (a * c) - (b * s);
        im = (a * s) + (b * c);
    }

    /// <summary>A coefficient between those of the transform (<see cref="MagnifiedTransform.Forward"/>).</summary>
    private readonly void Gather(int slot, int k, out float re, out float im)
    {
        int firstX = Place[2 * k], firstY = Place[(2 * k) + 1], weight = 2 * Taps * k;
        re = 0;
        im = 0;
        for (var r = 0; r < Taps; r++)
        {
            float rowRe = 0, rowIm = 0;
            for (var c = 0; c < Taps; c++)
            {
                // What is left of kx = 0 is the conjugate of its opposite.
                int x = firstX + c, y = firstY + r, sign = x < 0 ? -1 : 1;
                var at = At(slot, sign * x, sign * y);
                rowRe += Weights[weight + c] * Band[at];
                rowIm += sign * Weights[weight + c] * Band[at + 1];
            }

            re += Weights[weight + Taps + r] * rowRe;
            im += Weights[weight + Taps + r] * rowIm;
        }
    }

    private readonly long At(int slot, int kx, int ky) =>
        2 * (((((long)slot * (BandRadius + 1)) + kx) * ((2 * BandRadius) + 1)) + ky + BandRadius);
}
