using Gmm.Core;
using TorchSharp.Modules;

namespace Gmm.Torch;

/// <summary>
/// The contrast transfer of the particles of one optics group as a module: defocus, phase shift, B factor and scale for each particle, spherical aberration,
/// amplitude contrast, beam tilt and Zernike terms for all. A call gives the terms of a batch, which <see cref="TorchCtf"/> makes transfers of.
/// </summary>
/// <remarks>
/// Give an optimiser the parameters that it may change, each kind with a learning rate of its own: an angstrom of defocus is a small step, a milliradian
/// of beam tilt a large one.
/// <example>
/// <code>
/// using var optics = CtfTensors.From([.. particles.Particles.Select(p => p.Ctf)]).to(device);
/// using var adam = torch.optim.Adam([optics.DefocusU, optics.DefocusV], 20);
/// var transfers = ctf.call(optics.call(batch["index"]));
/// </code>
/// </example>
/// </remarks>
public sealed class CtfTensors : StateModule<Tensor, CtfTerms>
{
    private readonly double[] _kilovolts;
    private readonly Magnification _magnification;

    private CtfTensors(double[][] rows, double[] kilovolts, Aberrations? aberrations, ScalarType dtype, bool trainable)
        : base(nameof(CtfTensors))
    {
        (_kilovolts, _magnification) = (kilovolts, aberrations?.Magnification ?? Magnification.None);
        using var no = no_grad();
        using var scope = NewDisposeScope();
        Tensor Column(int c) => tensor(Array.ConvertAll(rows, r => r[c])).to(dtype);
        Tensor Common(int c) => Array.TrueForAll(rows, r => r[c] == rows[0][c]) ? Column(c).narrow(0, 0, 1) : Column(c);
        Tensor Coefficients(IReadOnlyList<double>? values) => tensor(values?.ToArray() ?? []).to(dtype).reshape(1, -1);
        Hold("defocus_u", Column(0), trainable);
        Hold("defocus_v", Column(1), trainable);
        Hold("defocus_angle", Column(2), trainable);
        Hold("phase_shift", Column(3), trainable);
        Hold("spherical_aberration", Common(4), trainable);
        Hold("amplitude_contrast", Common(5), trainable);
        Fix("wavelength", Common(6));
        Hold("b_factor", Column(7), trainable);
        Hold("scale", Column(8), trainable);
        Hold("beam_tilt", zeros([1, 2], dtype: dtype), trainable);
        Hold("odd", Coefficients(aberrations?.Odd), trainable);
        Hold("even", Coefficients(aberrations?.Even), trainable);
    }

    /// <summary>[B]: major defocus, angstrom, underfocus positive.</summary>
    public Parameter DefocusU => Own("defocus_u");

    /// <summary>[B]: minor defocus, angstrom.</summary>
    public Parameter DefocusV => Own("defocus_v");

    /// <summary>[B]: angle of the U axis from X, degrees.</summary>
    public Parameter DefocusAngle => Own("defocus_angle");

    /// <summary>[B]: phase shift, degrees.</summary>
    public Parameter PhaseShift => Own("phase_shift");

    /// <summary>[1], or [B] where particles differ: spherical aberration, millimetre.</summary>
    public Parameter SphericalAberration => Own("spherical_aberration");

    /// <summary>[1], or [B] where particles differ: amplitude contrast.</summary>
    public Parameter AmplitudeContrast => Own("amplitude_contrast");

    /// <summary>[B]: B factor, square angstrom.</summary>
    public Parameter BFactor => Own("b_factor");

    /// <summary>[B]: scale of the signal.</summary>
    public Parameter Scale => Own("scale");

    /// <summary>[1, 2]: beam tilt, milliradian, beside that in <see cref="Odd"/>; 0 at the start.</summary>
    public Parameter BeamTilt => Own("beam_tilt");

    /// <summary>[1, T]: odd Zernike terms, radians.</summary>
    public Parameter Odd => Own("odd");

    /// <summary>[1, T]: even Zernike terms, radians.</summary>
    public Parameter Even => Own("even");

    /// <summary>Number of particles.</summary>
    public long Count => DefocusU.shape[0];

    /// <summary>Copies parameters.</summary>
    /// <param name="ctfs">B particles' parameters.</param>
    /// <param name="aberrations">
    /// The group's; null is none. Terms of 0 are kept, to be learnt: <c>new Aberrations(new double[6], new double[9])</c>.
    /// </param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <param name="dtype">Float64, or Float32, which holds a defocus to a thousandth of an angstrom.</param>
    /// <param name="trainable">Whether gradients are wanted.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">No particle.</exception>
    /// <exception cref="InvalidInputException">A value that is not finite.</exception>
    public static CtfTensors From(
        IReadOnlyList<CtfParameters> ctfs, Aberrations? aberrations = null, Device? device = null, ScalarType dtype = ScalarType.Float64, bool trainable = true)
    {
        ArgumentNullException.ThrowIfNull(ctfs);
        ArgumentOutOfRangeException.ThrowIfZero(ctfs.Count, nameof(ctfs));
        var rows = new double[ctfs.Count][];
        for (var b = 0; b < rows.Length; b++)
        {
            rows[b] = CtfTerms.RowOf(ctfs[b]);
            if (!Array.TrueForAll(rows[b], double.IsFinite))
            {
                throw new InvalidInputException($"{nameof(ctfs)}[{b}] has a value that is not a number; a CTF must be finite.");
            }
        }

        var result = new CtfTensors(rows, [.. ctfs.Select(c => c.VoltageKilovolt)], aberrations, dtype, trainable);
        return device is null ? result : result.to(device);
    }

    /// <summary>The terms of some particles.</summary>
    /// <param name="input">[b] Int64: which.</param>
    /// <returns>The terms, for <see cref="TorchCtf"/>.</returns>
    /// <exception cref="ArgumentException">Another shape, type or device.</exception>
    public override CtfTerms forward(Tensor input)
    {
        TensorChecks.Check(input, nameof(input), [TensorChecks.Any], "[b]", ScalarType.Int64, DefocusU.device);
        Tensor Of(Tensor values) => values.shape[0] == 1 && Count != 1 ? values : values.index_select(0, input);
        return new CtfTerms
        {
            DefocusU = Of(DefocusU),
            DefocusV = Of(DefocusV),
            DefocusAngle = Of(DefocusAngle),
            PhaseShift = Of(PhaseShift),
            SphericalAberration = Of(SphericalAberration),
            AmplitudeContrast = Of(AmplitudeContrast),
            Wavelength = Of(Fixed("wavelength")),
            BFactor = Of(BFactor),
            Scale = Of(Scale),
            Even = Even.shape[1] == 0 ? null : Even,
            Odd = Odd.shape[1] == 0 ? null : Odd,
            BeamTilt = BeamTilt,
        };
    }

    /// <summary>Copies the particles' values back.</summary>
    /// <returns>B parameters.</returns>
    public CtfParameters[] ToParameters()
    {
        double[] Read(Tensor values)
        {
            using var scope = NewDisposeScope();
            return TensorMemory.Read<double>(values.detach().to(ScalarType.Float64).expand(Count));
        }

        double[] u = Read(DefocusU), v = Read(DefocusV), angle = Read(DefocusAngle), phase = Read(PhaseShift), cs = Read(SphericalAberration),
            contrast = Read(AmplitudeContrast), b = Read(BFactor), scale = Read(Scale);
        return
        [
            .. u.Select((_, i) => new CtfParameters
            {
                DefocusU = u[i],
                DefocusV = v[i],
                DefocusAngleDegrees = angle[i],
                PhaseShiftDegrees = phase[i],
                SphericalAberrationMillimetre = cs[i],
                AmplitudeContrast = contrast[i],
                VoltageKilovolt = _kilovolts[i],
                BFactor = b[i],
                ScaleFactor = scale[i],
            }),
        ];
    }

    /// <summary>Copies the group's aberrations back, the beam tilt among the odd terms (<see cref="Aberrations.BeamTilt"/>).</summary>
    /// <returns>The aberrations, with the magnification that was given.</returns>
    /// <exception cref="InvalidOperationException">A beam tilt of particles that differ in spherical aberration or voltage.</exception>
    public Aberrations ToAberrations()
    {
        double[] Read(Tensor values)
        {
            using var scope = NewDisposeScope();
            return TensorMemory.Read<double>(values.detach().to(ScalarType.Float64).reshape(-1));
        }

        double[] tilt = Read(BeamTilt), odd = Read(Odd), cs = Read(SphericalAberration), wavelength = Read(Fixed("wavelength"));
        if (Array.Exists(tilt, t => t != 0))
        {
            if (cs.Length + wavelength.Length > 2)
            {
                throw new InvalidOperationException("A beam tilt is a sum of odd terms only where all particles have one spherical aberration and voltage.");
            }

            var terms = Aberrations.BeamTilt(tilt[0], tilt[1], cs[0], wavelength[0]);
            Array.Resize(ref odd, Math.Max(odd.Length, terms.Length));
            for (var t = 0; t < terms.Length; t++)
            {
                odd[t] += terms[t];
            }
        }

        return new Aberrations(odd, Read(Even), _magnification);
    }
}
