namespace Gmm.Gpu;

/// <summary>
/// Keeps the coefficients of a projection for others to be added to: those of a layer of the model (<see cref="Core.LayeredProjector"/>), of a part that stays
/// at a pose of its own, and of what is still less a part that is taken out of it.
/// </summary>
internal static class GatherKernel
{
    /// <summary>Numbers of a coefficient: F, Z and the turn (<see cref="BandViews.Read"/>).</summary>
    public const int AllPlanes = 6;

    /// <summary>Numbers where nothing but F is wanted.</summary>
    public const int ValuePlanes = 2;

    /// <summary>Keeps, or adds, the coefficients of slots with work, and ends their deposit.</summary>
    public static void Run(Args a)
    {
        var count = a.Projection.Disc.Count;
        for (var i = Work.First; i < (long)a.Grids.Slots * count; i += Work.Step)
        {
            int slot = (int)(i / count), k = (int)(i % count);
            if (a.Grids.Active[slot] == 0)
            {
                continue;
            }

            a.Projection.Read(slot, k, out var fr, out var fi, out var zr, out var zi, out var tr, out var ti);
            var at = ((long)slot * a.Planes * count) + k;
            Put(a, at, fr);
            Put(a, at + count, fi);
            if (a.Planes == AllPlanes)
            {
                Put(a, at + (2L * count), zr);
                Put(a, at + (3L * count), zi);
                Put(a, at + (4L * count), tr);
                Put(a, at + (5L * count), ti);
            }

            if (k == 0)
            {
                a.Grids.EndDeposit(slot);
            }
        }
    }

    private static void Put(in Args a, long at, float value) =>
        a.Kept[at] = (a.HasBefore != 0 ? a.Before[at] : 0) + (a.Factor * value);

    /// <summary>The kernel's argument.</summary>
    internal struct Args
    {
        /// <summary>The projection.</summary>
        public BandViews Projection;

        /// <summary>The grids that it comes from.</summary>
        public Grids Grids;

        /// <summary>Numbers of a coefficient that are kept.</summary>
        public int Planes;

        /// <summary>By what they are multiplied.</summary>
        public float Factor;

        /// <summary>Whether they are added to others.</summary>
        public int HasBefore;

        /// <summary>The others.</summary>
        public ArrayView<float> Before;

        /// <summary>Receives the numbers, plane by plane of each slot.</summary>
        public ArrayView<float> Kept;
    }
}
