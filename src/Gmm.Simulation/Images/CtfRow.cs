using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>The CTF along one row of a transform, vectorised and free of arc tangents; the tests hold it against <see cref="Ctf.Evaluate"/>.</summary>
/// <param name="size">Side of the box, pixels.</param>
/// <param name="pixelSize">Angstrom per pixel.</param>
internal sealed class CtfRow(int size, double pixelSize)
{
    private readonly double[] _phase = new double[(size / 2) + 1];
    private readonly double[] _square = new double[(size / 2) + 1];
    private readonly double[] _transfer = new double[(size / 2) + 1];
    private readonly float[] _result = new float[(size / 2) + 1];

    /// <summary>Fills the row.</summary>
    /// <param name="ctf">The particle's parameters.</param>
    /// <param name="state">How the CTF enters the image.</param>
    /// <param name="ky">Frequency of the row, Fourier pixels.</param>
    /// <param name="envelope">An extra B factor, square angstrom.</param>
    /// <param name="magnification">From the image's frequencies to the specimen's, whose CTF it is.</param>
    /// <param name="even">Even phase of each value, radians; empty: none.</param>
    /// <returns>Values for kx = 0 to size/2, valid until the next call.</returns>
    public ReadOnlySpan<float> Fill(
        CtfParameters ctf, CtfState state, int ky, double envelope, Magnification magnification, ReadOnlySpan<double> even = default)
    {
        var step = 1 / (size * pixelSize);
        double lambda = ctf.WavelengthAngstrom, w = ctf.AmplitudeContrast;
        var (sin2, cos2) = Math.SinCos(ctf.DefocusAngleDegrees * (Math.PI / 90));
        var mean = Math.PI * lambda * 0.5 * (ctf.DefocusU + ctf.DefocusV);
        var astigmatism = Math.PI * lambda * 0.5 * (ctf.DefocusU - ctf.DefocusV);
        var spherical = 0.5 * Math.PI * ctf.SphericalAberrationMillimetre * 1e7 * lambda * lambda * lambda;
        var constant = Math.Atan2(w, Math.Sqrt(1 - (w * w))) + (ctf.PhaseShiftDegrees * (Math.PI / 180));
        for (var kx = 0; kx < _phase.Length; kx++)
        {
            // |k|^2 cos(2 (angle - a)) = cos 2a (kx^2 - ky^2) + sin 2a (2 kx ky).
            var (x, y) = magnification.Apply(kx * step, ky * step);
            var k2 = _square[kx] = (x * x) + (y * y);
            _phase[kx] = (mean * k2) + (astigmatism * ((cos2 * ((x * x) - (y * y))) + (sin2 * 2 * x * y))) - (spherical * k2 * k2) + constant;
        }

        if (!even.IsEmpty)
        {
            TensorPrimitives.Subtract(_phase, even, _phase);
        }

        if (state == CtfState.None)
        {
            _transfer.AsSpan().Fill(1);
        }
        else
        {
            TensorPrimitives.Sin(_phase, _transfer);
            TensorPrimitives.Multiply(_transfer, ctf.ScaleFactor, _transfer);
        }

        if (state == CtfState.PhaseFlipped)
        {
            TensorPrimitives.Abs(_transfer, _transfer);
        }

        var b = envelope + (state == CtfState.None ? 0 : ctf.BFactor);
        if (b != 0)
        {
            for (var kx = 0; kx < _phase.Length; kx++)
            {
                _transfer[kx] *= Math.Exp(-0.25 * b * _square[kx]);
            }
        }

        if (ctf.PreExposure != 0 && state != CtfState.None)
        {
            for (var kx = 0; kx < _phase.Length; kx++)
            {
                _transfer[kx] *= ExposureEnvelope.Evaluate(ctf.PreExposure, _square[kx]);
            }
        }

        TensorPrimitives.ConvertTruncating<double, float>(_transfer, _result);
        return _result;
    }
}
