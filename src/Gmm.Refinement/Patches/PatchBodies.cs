using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The model of one half, taken apart into what moves with each patch and what does not.</summary>
internal sealed class PatchBodies
{
    /// <summary>Gaussians with less than this share in a patch do not move with it.</summary>
    private const double LeastShare = 0.01;

    private PatchBodies(GaussianModel[] moving, GaussianModel? still, IReadOnlyList<Patch> patches, bool joint)
    {
        (Moving, Still, Joint) = (moving, still, joint);
        Patches = patches;
        Radius = Array.ConvertAll(moving, Gyration);
    }

    public IReadOnlyList<Patch> Patches { get; }

    /// <summary>Whether the patches of an image are solved together.</summary>
    public bool Joint { get; }

    /// <summary>What moves with each patch, its centre at the origin.</summary>
    public GaussianModel[] Moving { get; }

    /// <summary>
    /// Joint: what moves with no patch. Rest fixed: the whole model, from which each patch's own part is taken before the rest is added. Width mask: none.
    /// </summary>
    public GaussianModel? Still { get; }

    /// <summary>Radius of gyration of each moving part about its patch's centre, angstrom, 1 at least.</summary>
    public double[] Radius { get; }

    public static PatchBodies Of(GaussianModel model, IReadOnlyList<Patch> patches, PatchReferenceKind kind, bool joint)
    {
        if (kind == PatchReferenceKind.WidthMask && !joint)
        {
            return new PatchBodies(
                [.. patches.Select(p => PatchFrame.Centred(WidthMask.Apply(model, p.Mask, new FocusOptions()), p))], null, patches, joint);
        }

        var shares = patches.Select(p => new MaskSampler(p.Mask).At(model)).ToArray();
        if (joint)
        {
            Normalise(shares);
        }

        var moving = patches.Select((p, k) => PatchFrame.Centred(
            Weigh(model, shares[k]) ?? throw new InvalidInputException($"The mask of {p.Name} is off the molecule: no Gaussian of the model lies inside it."),
            p)).ToArray();
        var still = joint ? Weigh(model, [.. Enumerable.Range(0, model.Count).Select(j => 1 - shares.Sum(s => s[j]))]) : model;
        return new PatchBodies(moving, still, patches, joint);
    }

    /// <summary>Where masks overlap, a Gaussian belongs to each in proportion; where they sum to less than 1, the rest of it stays.</summary>
    private static void Normalise(double[][] shares)
    {
        for (var j = 0; j < shares[0].Length; j++)
        {
            var sum = Math.Max(1, shares.Sum(s => s[j]));
            foreach (var s in shares)
            {
                s[j] = s[j] / sum < LeastShare ? 0 : s[j] / sum;
            }
        }
    }

    private static GaussianModel? Weigh(GaussianModel model, double[] share)
    {
        var kept = Enumerable.Range(0, model.Count).Where(j => share[j] >= LeastShare).ToArray();
        float[] Take(ReadOnlySpan<float> column)
        {
            var taken = new float[kept.Length];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = column[kept[i]];
            }

            return taken;
        }

        var amplitudes = Take(model.Amplitudes);
        for (var i = 0; i < kept.Length; i++)
        {
            amplitudes[i] = (float)(amplitudes[i] * share[kept[i]]);
        }

        return kept.Length == 0 ? null
            : new GaussianModel(Take(model.X), Take(model.Y), Take(model.Z), amplitudes, Take(model.Widths), model.BoxSize, model.PixelSize, model.Provenance);
    }

    private static double Gyration(GaussianModel model)
    {
        double square = 0, mass = 0;
        for (var j = 0; j < model.Count; j++)
        {
            double x = model.X[j], y = model.Y[j], z = model.Z[j], a = Math.Abs((double)model.Amplitudes[j]);
            square += a * ((x * x) + (y * y) + (z * z));
            mass += a;
        }

        return mass > 0 ? Math.Max(1, Math.Sqrt(square / mass)) : 1;
    }
}
