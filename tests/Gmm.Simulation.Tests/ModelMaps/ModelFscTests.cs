using Gmm.Core;

namespace Gmm.Simulation.Tests;

public class ModelFscTests
{
    [Fact]
    public void A_shift_of_one_atom_gives_the_closed_form()
    {
        // The power of one atom is the same in all directions, so the mean of cos(2 pi k.d) over a shell, sin(x) / x with x = 2 pi |k| d, is the FSC.
        const int n = 48;
        const double pixel = 1.1, shift = 1.7;
        SimulatedAtom[] atoms = [new(0, 0, 0, "C", 10, 1)];
        var corner = -pixel * (n / 2);
        var options = new ModelMapOptions { Resolution = 2 * pixel, Size = (n, n, n), PixelSize = pixel, Origin = (corner, corner, corner) };
        var map = new DensityMap(n, pixel, ModelMap.Render(atoms, options).Voxels);
        var same = ModelFsc.Measure(map, options.Origin, atoms);
        var shifted = ModelFsc.Measure(map, (corner - shift, corner, corner), atoms);
        for (var s = 3; s < n / 2; s++)
        {
            var x = 2 * Math.PI * same.Frequency(s) * shift;
            Assert.Equal(1, same[s], 1e-5);
            Assert.Equal(Math.Sin(x) / x, shifted[s], 0.02);
        }
    }
}
