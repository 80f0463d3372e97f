using Gmm.Core;
using static TorchSharp.torch.nn;

namespace Gmm.Torch;

/// <summary>
/// The contrast transfer function as a module, differentiable with respect to everything it is made of; <see cref="CtfEvaluator"/> is the managed one, with the
/// same terms and signs (docs/optics.md). A call gives what multiplies projections in images; <see cref="OddFactor"/> what beam tilt and odd aberrations do.
/// </summary>
/// <remarks>
/// With k the frequency (1/angstrom) and d(phi) the defocus in its direction, the phase is pi lambda d k^2 - pi/2 Cs lambda^3 k^4 + asin(contrast) +
/// phase shift - the even terms, and the transfer scale sin(phase) exp(-B k^2 / 4). The phase is a matrix product of four or more coefficients an image with
/// tables of the disc, in float64 whatever the type of the result; only its fraction of a turn is rounded to that.
/// </remarks>
public sealed class TorchCtf : Module<CtfTerms, Tensor>
{
    private readonly ScalarType _dtype;
    private readonly Dictionary<(string Name, DeviceType Device, int Index), Tensor> _tables = [];
    private readonly Lock _lock = new();

    /// <summary>Makes a CTF.</summary>
    /// <param name="disc">The coefficients: the specimen's frequencies, or the image's where <see cref="CtfTerms.Magnification"/> is given.</param>
    /// <param name="state">What has been done to the images.</param>
    /// <param name="dtype">Float32 or Float64: the type of the results.</param>
    public TorchCtf(FourierDisc disc, CtfState state = CtfState.Unmodified, ScalarType dtype = ScalarType.Float32)
        : base(nameof(TorchCtf))
    {
        ArgumentNullException.ThrowIfNull(disc);
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"A CTF is Float32 or Float64, not {dtype}.", nameof(dtype));
        }

        (Disc, State, _dtype) = (disc, state, dtype);
    }

    /// <summary>The coefficients.</summary>
    public FourierDisc Disc { get; }

    /// <summary>What has been done to the images.</summary>
    public CtfState State { get; }

    /// <summary>The transfers of images: the CTF, |CTF|, CTF^2 or 1, as the state of the images says.</summary>
    /// <param name="input">The terms of B images.</param>
    /// <returns>[B, K] real: what multiplies the structure's transform (<see cref="CtfEvaluator.FillTransfer"/>).</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    public override Tensor forward(CtfTerms input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var images = Check(input);
        using var scope = NewDisposeScope();
        if (State == CtfState.None)
        {
            return ones([images, Disc.Count], dtype: _dtype, device: input.DefocusU.device).MoveToOuterDisposeScope();
        }

        var decay = Envelope(input);
        var c = (Fraction(Turns(input)) * (2 * Math.PI)).to(_dtype).sin() * (Column(input.Scale) * decay).to(_dtype);
        var result = State switch
        {
            CtfState.PhaseFlipped => c.abs(),
            CtfState.Premultiplied => c * c,
            _ => c,
        };
        return result.expand(images, Disc.Count).MoveToOuterDisposeScope();
    }

    /// <summary>The factor exp(i odd(k)) that beam tilt and odd aberrations put on the coefficients of an image.</summary>
    /// <param name="terms">The terms.</param>
    /// <returns>[B, K] complex, or [1, K] where the terms are those of all images.</returns>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    public Tensor OddFactor(CtfTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Check(terms);
        using var scope = NewDisposeScope();
        var turns = zeros([1, Disc.Count], dtype: ScalarType.Float64, device: terms.DefocusU.device);
        if (terms.Odd is { } odd)
        {
            turns = turns + mm(odd.to(ScalarType.Float64), Zernike(odd.shape[1], isOdd: true, terms));
        }

        if (terms.BeamTilt is { } tilt)
        {
            // -2e4 pi Cs lambda^2 (tx kx + ty ky) |k|^2 radians (Aberrations.BeamTilt).
            var unit = Column(terms.SphericalAberration) * Column(terms.Wavelength).square() * -1e4;
            turns = turns + (unit * mm(tilt.to(ScalarType.Float64), Table("coma", terms, CtfTables.Coma)));
        }

        var angle = (Fraction(turns) * (2 * Math.PI)).to(_dtype);
        return complex(angle.cos(), angle.sin()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                foreach (var table in _tables.Values)
                {
                    table.Dispose();
                }

                _tables.Clear();
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>The phase in turns, [B, K] Float64.</summary>
    private Tensor Turns(CtfTerms terms)
    {
        Tensor lambda = Column(terms.Wavelength), u = Column(terms.DefocusU), v = Column(terms.DefocusV);
        var angle = Column(terms.DefocusAngle) * (Math.PI / 90);
        Tensor mean = lambda * (u + v) * 0.25, half = lambda * (u - v) * 0.25;
        var quartic = Column(terms.SphericalAberration) * lambda.pow(3) * -0.25e7;
        var constant = (Column(terms.AmplitudeContrast).asin() / (2 * Math.PI)) + (Column(terms.PhaseShift) / 360);
        Tensor[] columns = [constant, mean, half * angle.cos(), half * angle.sin(), quartic];
        var turns = mm(cat(broadcast_tensors(columns), 1), Table("defocus", terms, CtfTables.Defocus));
        return terms.Even is { } even ? turns - mm(even.to(ScalarType.Float64), Zernike(even.shape[1], isOdd: false, terms)) : turns;
    }

    /// <summary>exp(-B k^2 / 4), [B, K] Float64.</summary>
    private Tensor Envelope(CtfTerms terms) => (Column(terms.BFactor) * Table("decay", terms, CtfTables.Decay)).exp();

    /// <summary>[B, 1] Float64.</summary>
    private static Tensor Column(Tensor values) => values.to(ScalarType.Float64).unsqueeze(1);

    /// <summary>Between -1/2 and 1/2; the whole turns have no gradient.</summary>
    private static Tensor Fraction(Tensor turns) => turns - turns.detach().round();

    private Tensor Zernike(long count, bool isOdd, CtfTerms terms) =>
        Table($"{(isOdd ? "odd" : "even")} {count}", terms, (x, y) => CtfTables.Zernike(count, isOdd, x, y));

    /// <summary>A table of the specimen's frequencies: made once for each device, but under a magnification, which it depends on.</summary>
    private Tensor Table(string name, CtfTerms terms, Func<Tensor, Tensor, Tensor> make)
    {
        var device = terms.DefocusU.device;
        lock (_lock)
        {
            Tensor Cached(string of, Func<Tensor> value)
            {
                if (!_tables.TryGetValue((of, device.type, device.index), out var table))
                {
                    using var scope = NewDisposeScope();
                    using var no = no_grad();
                    _tables.Add((of, device.type, device.index), table = value().DetachFromDisposeScope());
                }

                return table;
            }

            var image = Cached("frequencies", () => TensorMemory.Write(
                [.. Tabulate(Disc.Kx), .. Tabulate(Disc.Ky)], [2, Disc.Count], device));
            if (terms.Magnification is not { } magnification)
            {
                return Cached(name, () => make(image[0], image[1]));
            }

            var specimen = mm(magnification.to(ScalarType.Float64), image);
            return make(specimen[0], specimen[1]);
        }
    }

    private double[] Tabulate(ReadOnlySpan<short> numbers)
    {
        var values = new double[numbers.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = numbers[i] / Disc.BoxLength;
        }

        return values;
    }

    /// <summary>Checks terms; returns how many images they are of.</summary>
    private static long Check(CtfTerms terms)
    {
        (Tensor Tensor, string Name)[] columns =
        [
            (terms.DefocusU, nameof(terms.DefocusU)), (terms.DefocusV, nameof(terms.DefocusV)), (terms.DefocusAngle, nameof(terms.DefocusAngle)),
            (terms.PhaseShift, nameof(terms.PhaseShift)), (terms.SphericalAberration, nameof(terms.SphericalAberration)),
            (terms.AmplitudeContrast, nameof(terms.AmplitudeContrast)), (terms.Wavelength, nameof(terms.Wavelength)),
            (terms.BFactor, nameof(terms.BFactor)), (terms.Scale, nameof(terms.Scale)),
        ];
        (Tensor? Tensor, string Name)[] tables =
            [(terms.Even, nameof(terms.Even)), (terms.Odd, nameof(terms.Odd)), (terms.BeamTilt, nameof(terms.BeamTilt))];
        long images = 1;
        foreach (var (tensor, name) in columns)
        {
            TensorChecks.Real(tensor, name);
            TensorChecks.Check(tensor, name, [TensorChecks.Any], "[B] or [1]", null, terms.DefocusU.device);
            images = Math.Max(images, tensor.shape[0]);
        }

        foreach (var (tensor, name) in tables.Where(t => t.Tensor is not null))
        {
            TensorChecks.Real(tensor!, name);
            var wide = name == nameof(terms.BeamTilt) ? 2 : TensorChecks.Any;
            TensorChecks.Check(tensor, name, [TensorChecks.Any, wide], "[B, T] or [1, T]", null, terms.DefocusU.device);
            images = Math.Max(images, tensor!.shape[0]);
        }

        if (terms.Magnification is { } magnification)
        {
            TensorChecks.Magnification(magnification, terms.DefocusU.device);
        }

        foreach (var (tensor, name) in columns.Concat(tables.Where(t => t.Tensor is not null).Select(t => (t.Tensor!, t.Name))))
        {
            if (tensor.shape[0] is var rows && rows != images && rows != 1)
            {
                throw new ArgumentException($"{name} must have {images} rows as the other terms, or one, not {rows}.", name);
            }
        }

        return images;
    }
}
