using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>Fills slots with particles: their images as the source gives them, read by many threads into memory that the card copies by itself.</summary>
internal sealed class SlotReader(PoseBatch batch, DeviceReference reference, ComputeOptions compute)
{
    private readonly IParticleSource _source = batch.Images.Source;

    /// <summary>Fills one side of the slots.</summary>
    /// <param name="part">The particles, at most as many as there are slots.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="set">The side.</param>
    /// <exception cref="InvalidInputException">An image or a CTF cannot be used: the first in the order given.</exception>
    public void Fill(int[] part, Slots slots, Slots.HostSet set)
    {
        set.Active.Span.Clear();
        var errors = new InvalidInputException?[part.Length];
        Guarded.For(0, part.Length, compute.Parallelism, n =>
        {
            try
            {
                set.Active.Span[n] = Read(part[n], n, slots.Size, set) ? 1 : 0;
            }
            catch (InvalidInputException e)
            {
                errors[n] = e;
            }
        });
        if (Array.Find(errors, e => e is not null) is { } error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
    }

    private bool Read(int index, int n, SlotSize size, Slots.HostSet set)
    {
        var pose = batch.Starts[index];
        var r = pose.Rotation;
        ReadOnlySpan<double> start = [r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22, pose.ShiftX, pose.ShiftY];
        start.CopyTo(set.Starts.Span.Slice(n * ClimbState.PoseLength, ClimbState.PoseLength));
        var input = set.Input.Span.Slice((int)(n * size.Input), (int)size.Input);
        if (!reference.TransformsImages)
        {
            var count = size.Coefficients;
            return batch.Images.Read(index, input[..count], input.Slice(count, count), input.Slice(2 * count, count));
        }

        var particle = _source.Particles[index];
        if (!(particle.Weight > 0))
        {
            return false;
        }

        _source.ReadImage(index, input);
        if (ImageChecks.IsConstant(input))
        {
            return false;
        }

        if (ImageChecks.FirstNonFinite(input) >= 0)
        {
            throw new InvalidInputException($"{_source.Describe(index)}: the image has a value that is not a number.");
        }

        var terms = CtfTerms.Of(particle.Ctf, 1 / reference.Disc.BoxLength);
        set.Ctf.Span[n] = IsFinite(terms)
            ? terms
            : throw new InvalidInputException($"{_source.Describe(index)}: the CTF parameters do not give a finite CTF.");
        return true;
    }

    /// <summary>Whether the transfer is finite on the whole disc: its phase, and its envelope where that is largest.</summary>
    private bool IsFinite(in CtfTerms terms)
    {
        double k2 = (double)reference.Disc.Radius * reference.Disc.Radius * 1.1, envelope = Math.Exp(Math.Max(0, terms.Decay * k2)) * Math.Abs(terms.Scale);
        var largest = Math.Abs(terms.Constant) + (k2 * (Math.Abs(terms.X2) + Math.Abs(terms.XY) + Math.Abs(terms.Y2))) + (k2 * k2 * Math.Abs(terms.Quartic));
        return double.IsFinite(largest) && float.IsFinite((float)(reference.Optics.CtfState == CtfState.Premultiplied ? envelope * envelope : envelope));
    }
}
