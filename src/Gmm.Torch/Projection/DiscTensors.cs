using Gmm.Core;

namespace Gmm.Torch;

/// <summary>What a disc's kernels need on one device and in one type. Tensors live until <see cref="Dispose"/>.</summary>
internal sealed class DiscTensors : IDisposable
{
    private readonly List<Tensor> _owned = [];
    private readonly Dictionary<string, Tensor> _tables = [];
    private readonly Lock _lock = new();

    public DiscTensors(FourierDisc disc, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        Disc = disc;
        var n = disc.Count;
        double[] kx = new double[n], ky = new double[n];
        long[] ring = new long[n], product = new long[n];
        var side = disc.Radius + 1;
        for (var i = 0; i < n; i++)
        {
            (kx[i], ky[i]) = (disc.Kx[i], disc.Ky[i]);
            ring[i] = FourierDisc.RingOf(disc.Kx[i], disc.Ky[i]);
            // Rows 0..R hold ky = 0..R, rows R+1..2R+1 hold ky = 0..-R.
            product[i] = ((disc.Ky[i] >= 0 ? disc.Ky[i] : side - disc.Ky[i]) * side) + disc.Kx[i];
        }

        Kx = Own(tensor(kx).to(dtype, device));
        Ky = Own(tensor(ky).to(dtype, device));
        ProductIndex = Own(tensor(product).to(device));
        var indicator = zeros([n, side], dtype: dtype, device: device);
        indicator.scatter_(1, tensor(ring).to(device).unsqueeze(1), ones([n, 1], dtype: dtype, device: device));
        RingIndicator = Own(indicator);
    }

    public FourierDisc Disc { get; }

    /// <summary>[K].</summary>
    public Tensor Kx { get; }

    /// <summary>[K].</summary>
    public Tensor Ky { get; }

    /// <summary>[K]: place of each coefficient in the direct form's product.</summary>
    public Tensor ProductIndex { get; }

    /// <summary>
    /// [K, R + 1]: 1 where a coefficient belongs to a ring. A product with it sums over rings, one with its transpose spreads ring values: both are
    /// differentiable and fast everywhere.
    /// </summary>
    public Tensor RingIndicator { get; }

    /// <summary>Sums of [B, K] over rings: [B, R + 1].</summary>
    public Tensor RingSums(Tensor values) => mm(values, RingIndicator);

    /// <summary>Ring values [B, R + 1] spread over coefficients: [B, K].</summary>
    public Tensor Spread(Tensor rings) => mm(rings, RingIndicator.t());

    /// <summary>A table that a kernel needs, made once.</summary>
    public Tensor Table(string name, Func<Tensor> make)
    {
        lock (_lock)
        {
            if (!_tables.TryGetValue(name, out var table))
            {
                using var no = no_grad();
                _tables.Add(name, table = Own(make()));
            }

            return table;
        }
    }

    public void Dispose() => _owned.ForEach(t => t.Dispose());

    private Tensor Own(Tensor t)
    {
        _owned.Add(t.DetachFromDisposeScope());
        return t;
    }
}
