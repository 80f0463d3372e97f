namespace Gmm.Gpu;

/// <summary>
/// The transforms of the grids, f + i z and x f + i y f, as coefficients of a projection (<see cref="Core.PoseJacobian{T}"/>, <c>FillFromDepth</c> and
/// <c>FillInPlane</c>).
/// </summary>
/// <remarks>
/// Two real grids a and b were transformed as one, C = A + i B, so A(k) = (C(k) + conj C(-k)) / 2 and B(k) = (C(k) - conj C(-k)) / 2i.
/// </remarks>
internal struct BandViews
{
    /// <summary>The coefficients wanted.</summary>
    public DiscViews Disc;

    /// <summary>2 pi / box length.</summary>
    public float Wave;

    /// <summary>Angstrom of a cell.</summary>
    public float CellAngstrom;

    /// <summary>The transforms of each slot, column -Radius first.</summary>
    public ArrayView<float> Band;

    /// <summary>By what a coefficient of the grid's transform is multiplied.</summary>
    public ArrayView<float> Correction;

    /// <summary>Whitened images: real parts, imaginary parts and transfers of each slot.</summary>
    public ArrayView<float> Data;

    /// <summary>A coefficient as it is in the image, its transfer in all: the projection F, the depth-weighted Z, and the turn -2 pi i (ky X - kx Y).</summary>
    public readonly void Read(int slot, int k, out float fr, out float fi, out float zr, out float zi, out float tr, out float ti)
    {
        int kx = Disc.Kx[k], ky = Disc.Ky[k], radius = Disc.Radius, side = (2 * radius) + 1;
        long band = 4L * slot * side * side, second = 2L * side * side;
        long plus = band + (2 * (((radius + kx) * side) + radius + ky)), minus = band + (2 * (((radius - kx) * side) + radius - ky));
        var ct = 0.5f * Correction[k] * Data[(((3L * slot) + 2) * Disc.Count) + k];
        float pr = Band[plus], pi = Band[plus + 1], mr = Band[minus], mi = Band[minus + 1];
        fr = ct * (pr + mr);
        fi = ct * (pi - mi);
        zr = ct * (pi + mi);
        zi = ct * (mr - pr);
        pr = Band[plus + second];
        pi = Band[plus + second + 1];
        mr = Band[minus + second];
        mi = Band[minus + second + 1];
        float xc = kx * Wave * CellAngstrom, yc = ky * Wave * CellAngstrom;
        tr = ct * ((yc * (pi - mi)) - (xc * (mr - pr)));
        ti = ct * ((xc * (pi + mi)) - (yc * (pr + mr)));
    }

    /// <summary>
    /// The derivative of a coefficient by one of the five parameters of a pose step, x and y its frequencies times 2 pi: dF/dw_x = 2 pi i ky Z,
    /// dF/dw_y = -2 pi i kx Z, dF/dw_z the turn, dF/dt = -2 pi i k F.
    /// </summary>
    public static void Derive(
        int parameter, float x, float y, float fr, float fi, float zr, float zi, float tr, float ti, out float re, out float im)
    {
        re = parameter == 0 ? -y * zi : parameter == 1 ? x * zi : parameter == 2 ? tr : parameter == 3 ? x * fi : y * fi;
        im = parameter == 0 ? y * zr : parameter == 1 ? -x * zr : parameter == 2 ? ti : parameter == 3 ? -x * fr : -y * fr;
    }
}
