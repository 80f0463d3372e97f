using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>
/// Elastic electron scattering factors of neutral atoms as five Gaussians: f(s) = sum_i a_i exp(-b_i s^2), s = |k| / 2, in angstrom, for
/// s to 2 per angstrom. Source: Peng, Ren, Dudarev and Whelan, Acta Cryst. A52 (1996) 257-276, also International Tables for
/// Crystallography C, table 4.3.2.2 (the digits as in gemmi's <c>c4322</c>).
/// </summary>
/// <param name="Symbol">Element symbol, first letter a capital.</param>
/// <param name="AtomicNumber">Atomic number.</param>
/// <param name="AtomicWeight">Dalton.</param>
/// <param name="A">Five amplitudes, angstrom.</param>
/// <param name="B">Five exponents, square angstrom.</param>
internal sealed record ElectronScattering(string Symbol, int AtomicNumber, double AtomicWeight, double[] A, double[] B)
{
    private static readonly Dictionary<string, ElectronScattering> Table = new ElectronScattering[]
    {
        new("H", 1, 1.00794, [0.0349, 0.1201, 0.197, 0.0573, 0.1195], [0.5347, 3.5867, 12.3471, 18.9525, 38.6269]),
        new("C", 6, 12.0107, [0.0893, 0.2563, 0.757, 1.0487, 0.3575], [0.2465, 1.71, 6.4094, 18.6113, 50.2523]),
        new("N", 7, 14.0067, [0.1022, 0.3219, 0.7982, 0.8197, 0.1715], [0.2451, 1.7481, 6.1925, 17.3894, 48.1431]),
        new("O", 8, 15.9994, [0.0974, 0.2921, 0.691, 0.699, 0.2039], [0.2067, 1.3815, 4.6943, 12.7105, 32.4726]),
        new("F", 9, 18.998403, [0.1083, 0.3175, 0.6487, 0.5846, 0.1421], [0.2057, 1.3439, 4.2788, 11.3932, 28.7881]),
        new("Na", 11, 22.98977, [0.2142, 0.6853, 0.7692, 1.6589, 1.4482], [0.3334, 2.3446, 10.083, 48.3037, 138.27]),
        new("Mg", 12, 24.305, [0.2314, 0.6866, 0.9677, 2.1882, 1.1339], [0.3278, 2.272, 10.9241, 39.2898, 101.9748]),
        new("Al", 13, 26.981539, [0.239, 0.6573, 1.2011, 2.5586, 1.2312], [0.3138, 2.1063, 10.4163, 34.4552, 98.5344]),
        new("Si", 14, 28.0855, [0.2519, 0.6372, 1.3795, 2.5082, 1.05], [0.3075, 2.0174, 9.6746, 29.3744, 80.4732]),
        new("P", 15, 30.973761, [0.2548, 0.6106, 1.4541, 2.3204, 0.8477], [0.2908, 1.874, 8.5176, 24.3434, 63.2996]),
        new("S", 16, 32.065, [0.2497, 0.5628, 1.3899, 2.1865, 0.7715], [0.2681, 1.6711, 7.0267, 19.5377, 50.3888]),
        new("Cl", 17, 35.453, [0.2443, 0.5397, 1.3919, 2.0197, 0.6621], [0.2468, 1.5242, 6.1537, 16.6687, 42.3086]),
        new("K", 19, 39.0983, [0.4115, 1.4031, 2.2784, 2.6742, 2.2162], [0.3703, 3.3874, 13.1029, 68.9592, 194.4329]),
        new("Ca", 20, 40.078, [0.4054, 1.388, 2.1602, 3.7532, 2.2063], [0.3499, 3.0991, 11.9608, 53.9353, 142.3892]),
        new("Mn", 25, 54.93805, [0.3796, 1.2094, 1.7815, 2.542, 1.5937], [0.2699, 2.0455, 7.4726, 31.0604, 91.5622]),
        new("Fe", 26, 55.845, [0.3946, 1.2725, 1.7031, 2.314, 1.4795], [0.2717, 2.0443, 7.6007, 29.9714, 86.2265]),
        new("Co", 27, 58.9332, [0.4118, 1.3161, 1.6493, 2.193, 1.283], [0.2742, 2.0372, 7.7205, 29.968, 84.9383]),
        new("Ni", 28, 58.6934, [0.386, 1.1765, 1.5451, 2.073, 1.3814], [0.2478, 1.766, 6.3107, 25.2204, 74.3146]),
        new("Cu", 29, 63.546, [0.4314, 1.3208, 1.5236, 1.4671, 0.8562], [0.2694, 1.9223, 7.3474, 28.9892, 90.6246]),
        new("Zn", 30, 65.38, [0.4288, 1.2646, 1.4472, 1.8294, 1.0934], [0.2593, 1.7998, 6.75, 25.586, 73.5284]),
        new("Se", 34, 78.96, [0.4477, 1.1678, 1.5843, 2.8087, 1.1956], [0.2405, 1.5442, 6.3231, 19.461, 52.0233]),
        new("Br", 35, 79.904, [0.4798, 1.1948, 1.8695, 2.6953, 0.8203], [0.2504, 1.5963, 6.9653, 19.8492, 50.3233]),
        new("Mo", 42, 95.95, [0.6773, 1.4798, 3.1788, 3.0824, 1.8384], [0.292, 2.0606, 8.1129, 30.5336, 100.0658]),
        new("Ag", 47, 107.8682, [0.6377, 1.379, 2.8294, 2.3631, 1.4553], [0.2466, 1.6974, 5.7656, 20.0943, 76.7372]),
        new("I", 53, 126.90447, [0.7047, 1.9484, 2.594, 4.1526, 1.5057], [0.2455, 1.8638, 6.7639, 21.8007, 56.4395]),
        new("W", 74, 183.84, [0.9853, 2.1167, 3.357, 3.7981, 2.2798], [0.2569, 1.6745, 7.0098, 26.9234, 81.391]),
    }.ToDictionary(e => e.Symbol, StringComparer.OrdinalIgnoreCase);

    /// <summary>The elements in the table, in the order of their number.</summary>
    public static IEnumerable<string> Elements => Table.Values.Select(e => e.Symbol);

    /// <summary>Looks an element up; deuterium counts as hydrogen.</summary>
    /// <param name="symbol">Element symbol, any case.</param>
    /// <returns>The element, or null if the table has it not.</returns>
    public static ElectronScattering? Find(string symbol) =>
        Table.GetValueOrDefault(symbol.Trim().Equals("D", StringComparison.OrdinalIgnoreCase) ? "H" : symbol.Trim());

    /// <summary>The symbol of an atomic number, or "?" followed by the number if the table has it not.</summary>
    /// <param name="atomicNumber">Atomic number; 0 for an atom whose element is unknown.</param>
    /// <returns>The symbol.</returns>
    public static string SymbolOf(int atomicNumber) =>
        Table.Values.FirstOrDefault(e => e.AtomicNumber == atomicNumber)?.Symbol ?? (atomicNumber == 0 ? "?" : $"number {atomicNumber}");

    /// <summary>The scattering factor at a frequency.</summary>
    /// <param name="k2">|k|^2, 1/angstrom^2.</param>
    /// <returns>f, angstrom.</returns>
    public double Factor(double k2)
    {
        double sum = 0;
        for (var i = 0; i < A.Length; i++)
        {
            sum += A[i] * Math.Exp(-B[i] * k2 / 4);
        }

        return sum;
    }
}
