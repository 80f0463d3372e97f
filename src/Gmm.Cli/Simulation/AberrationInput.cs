using System.CommandLine;
using System.Globalization;
using Gmm.Core;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>The options of simulate that say what the lenses do beyond the CTF.</summary>
internal sealed class AberrationInput
{
    private readonly Option<string?> _tilt = Declare.Text("--beam-tilt", "X,Y", "Beam tilt along x and y, milliradian, as in rlnBeamTiltX and rlnBeamTiltY.");
    private readonly Option<string?> _odd = Declare.Text(
        "--odd-zernike", "LIST", "Odd aberrations as in rlnOddZernike, radian: 2, 6, 12, ... numbers; 0,0,5,0,0,-4 is trefoil.");
    private readonly Option<string?> _even = Declare.Text(
        "--even-zernike", "LIST", "Even aberrations as in rlnEvenZernike, radian: 1, 4, 9, ... numbers; 0,0,0,0,6,0,0,0,4 is tetrafoil.");
    private readonly Option<string?> _magnification = Declare.Text(
        "--magnification", "M00,M01,M10,M11", "The magnification matrix, as in rlnMagMat00 to rlnMagMat11.");

    /// <summary>The options, in the order of the help.</summary>
    public Option[] All => [_tilt, _odd, _even, _magnification];

    /// <summary>What the options say; null where none is given.</summary>
    /// <exception cref="InvalidInputException">A list that is none, of another length, or a number beyond any microscope.</exception>
    public Aberrations? Read(VerbCall call, SimulationOptions microscope)
    {
        if (All.All(o => call.Get((Option<string?>)o) is null))
        {
            return null;
        }

        var odd = Numbers(call, _odd);
        if (Numbers(call, _tilt) is { Length: > 0 } tilt)
        {
            if (tilt.Length != 2 || !tilt.All(t => Math.Abs(t) <= 500))
            {
                throw new InvalidInputException("must be two numbers of at most 500 mrad, such as 0.4,-0.2", _tilt.Name);
            }

            var lambda = new CtfParameters { DefocusU = 0, DefocusV = 0, VoltageKilovolt = microscope.VoltageKilovolt }.WavelengthAngstrom;
            odd = Aberrations.WithBeamTilt(odd, tilt[0], tilt[1], microscope.SphericalAberrationMillimetre, lambda);
        }

        var matrix = Numbers(call, _magnification);
        if (matrix.Length is not (0 or 4))
        {
            throw new InvalidInputException("must be four numbers, such as 1.01,0,0,0.99", _magnification.Name);
        }

        try
        {
            return new Aberrations(odd, Numbers(call, _even), matrix.Length == 0 ? null : new Magnification(matrix[0], matrix[1], matrix[2], matrix[3]));
        }
        catch (ArgumentException e)
        {
            var option = e.ParamName switch { "odd" => _odd, "even" => _even, _ => _magnification };
            throw new InvalidInputException(ErrorText.Problem(e), option.Name);
        }
    }

    private static double[] Numbers(VerbCall call, Option<string?> option)
    {
        if (call.Get(option) is not { } text)
        {
            return [];
        }

        var values = text.Trim('[', ']').Split(',').Select(
            part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && Math.Abs(v) <= 1e9 ? v : double.NaN).ToArray();
        return values.All(double.IsFinite) ? values : throw new InvalidInputException($"\"{text}\" is no list of numbers, such as 0.1,-2", option.Name);
    }
}
