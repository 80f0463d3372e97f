namespace Gmm.Core;

/// <summary>The rotation between two sets of points in closed form: Horn's quaternion, J. Opt. Soc. Am. A 4 (1987) 629.</summary>
internal static class HornRotation
{
    /// <summary>The rotation R that maximises the trace of R S: the top eigenvector of Horn's 4 x 4 matrix.</summary>
    /// <param name="s">S = sum w p q^T of points p that come to R p near q, both less their means; 3 x 3 values, row by row.</param>
    /// <returns>R.</returns>
    public static Rotation Of(ReadOnlySpan<double> s)
    {
        ReadOnlySpan<double> n =
        [
            s[0] + s[4] + s[8], s[5] - s[7], s[6] - s[2], s[1] - s[3],
            s[5] - s[7], s[0] - s[4] - s[8], s[1] + s[3], s[6] + s[2],
            s[6] - s[2], s[1] + s[3], s[4] - s[0] - s[8], s[5] + s[7],
            s[1] - s[3], s[6] + s[2], s[5] + s[7], s[8] - s[0] - s[4],
        ];
        var (_, q) = SymmetricEigen.Decompose(n, 4);
        return Rotation.FromQuaternion(q[0], q[1], q[2], q[3]);
    }
}
