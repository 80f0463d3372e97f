using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Torch;

/// <summary>
/// Particles as a data set of torch's, of any <see cref="IParticleSource"/>: <c>StarParticles</c> reads RELION's and cryoSPARC's files, and one of your own is
/// two lists and a method. Images come as the rest of the library sees them: odd aberrations and magnification taken out, even aberrations in the transfer.
/// </summary>
/// <remarks>
/// An item is a dictionary of tensors on the CPU, which torch's <c>DataLoader</c> stacks and moves:
/// <list type="table">
/// <item><term>image</term><description>[K] ComplexFloat32: the transform on the disc, in units of the image's discrete transform.</description></item>
/// <item><term>whitened</term><description>[K] ComplexFloat32: the same over the root of the noise power of its ring.</description></item>
/// <item><term>transfer</term><description>[K] Float32: what multiplies the structure's transform in the image.</description></item>
/// <item><term>ctf</term><description>[9] Float64: the terms of <see cref="CtfTerms.FromRows"/>.</description></item>
/// <item><term>angles</term><description>[3] Float32: rot, tilt, psi, degrees.</description></item>
/// <item><term>shifts</term><description>[2] Float32, angstrom.</description></item>
/// <item><term>weight</term><description>[] Float32: the particle's; 0, with an image of zeros, where the image holds nothing.</description></item>
/// <item><term>half</term><description>[] Int64: 1 or 2.</description></item>
/// <item><term>index</term><description>[] Int64: the particle's place in the source.</description></item>
/// </list>
/// <example>
/// <code>
/// using var particles = StarParticles.Open("run_data.star");
/// using var data = new ParticleDataset(particles, resolution: 6);
/// using var loader = torch.utils.data.DataLoader(data, 64, shuffle: true, device: device);
/// foreach (var batch in loader) { ... batch["image"] ... }
/// </code>
/// </example>
/// </remarks>
public sealed class ParticleDataset : utils.data.Dataset
{
    /// <summary>Images that the noise power is measured on where none is given.</summary>
    private const int NoiseImages = 300;

    private readonly ParticleImages _images;
    private readonly int[] _members;
    private readonly float[] _whitening;

    /// <summary>Makes a data set.</summary>
    /// <param name="source">The particles; not disposed with the data set.</param>
    /// <param name="resolution">Finest resolution, angstrom.</param>
    /// <param name="members">Places in the source of those wanted; null for all of the optics group.</param>
    /// <param name="opticsIndex">
    /// The optics group, from 0: items of groups that differ in pixel size or box cannot be stacked. Null where the source has one group.
    /// </param>
    /// <param name="noisePower">
    /// Mean |noise|^2 of a coefficient in each ring 0..Radius, in units of the image's discrete transform; null takes the mean power of up to 300 images,
    /// signal and all.
    /// </param>
    /// <exception cref="InvalidInputException">Several optics groups and none chosen, no particle, or an image that cannot be read.</exception>
    /// <exception cref="ArgumentException">A particle of another group, or noise power of another number of rings or not positive.</exception>
    public ParticleDataset(
        IParticleSource source, double resolution, IReadOnlyList<int>? members = null, int? opticsIndex = null, IReadOnlyList<double>? noisePower = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        if (opticsIndex is null && source.OpticsGroups.Count != 1)
        {
            throw new InvalidInputException(
                $"The particles are of {source.OpticsGroups.Count} optics groups ({string.Join(", ", source.OpticsGroups.Select(g => g.Name).Take(4))}); "
                    + $"a data set is of one: choose it by {nameof(opticsIndex)}.");
        }

        var group = opticsIndex ?? 0;
        ArgumentOutOfRangeException.ThrowIfNegative(group, nameof(opticsIndex));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(group, source.OpticsGroups.Count, nameof(opticsIndex));
        _members = [.. members ?? [.. Enumerable.Range(0, source.Particles.Count).Where(i => source.Particles[i].OpticsIndex == group)]];
        foreach (var i in _members)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(i, nameof(members));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(i, source.Particles.Count, nameof(members));
            if (source.Particles[i].OpticsIndex != group)
            {
                throw new ArgumentException($"{source.Describe(i)} is not of optics group {source.OpticsGroups[group].Name}.", nameof(members));
            }
        }

        if (_members.Length == 0)
        {
            throw new InvalidInputException($"Optics group {source.OpticsGroups[group].Name} has no particles.");
        }

        _images = new ParticleImages(source, resolution);
        Disc = _images.Disc(group);
        NoisePower = [.. noisePower ?? MeanPower()];
        if (NoisePower.Count != Disc.Radius + 1 || !NoisePower.Skip(1).All(p => p > 0 && double.IsFinite(p)))
        {
            throw new ArgumentException($"The noise power needs {Disc.Radius + 1} values, positive but for ring 0.", nameof(noisePower));
        }

        _whitening = new float[Disc.Count];
        for (var i = 0; i < _whitening.Length; i++)
        {
            // The mean of an image says nothing; it is left out.
            var ring = FourierDisc.RingOf(Disc.Kx[i], Disc.Ky[i]);
            _whitening[i] = ring == 0 ? 0 : (float)(1 / Math.Sqrt(NoisePower[ring]));
        }
    }

    /// <summary>The coefficients of each item.</summary>
    public FourierDisc Disc { get; }

    /// <summary>The particles.</summary>
    public IParticleSource Source => _images.Source;

    /// <summary>What images are whitened by: Radius + 1 values.</summary>
    public IReadOnlyList<double> NoisePower { get; }

    /// <summary>Number of items.</summary>
    public override long Count => _members.Length;

    /// <summary>Reads an item. Safe on many threads.</summary>
    /// <param name="index">0 to Count - 1.</param>
    /// <returns>The tensors, which belong to the caller.</returns>
    /// <exception cref="InvalidInputException">The image cannot be read or has a value that is not finite.</exception>
    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        var place = _members[index];
        var particle = Source.Particles[place];
        float[] re = new float[Disc.Count], im = new float[Disc.Count], transfer = new float[Disc.Count];
        var usable = _images.Read(place, re, im, transfer);
        var angles = particle.Pose.Rotation.ToEuler();
        using var scope = NewDisposeScope();
        var image = complex(Of(re), Of(im));
        var item = new Dictionary<string, Tensor>
        {
            ["image"] = image,
            ["whitened"] = image * Of(_whitening),
            ["transfer"] = Of(transfer),
            ["ctf"] = tensor(CtfTerms.RowOf(particle.Ctf)),
            ["angles"] = tensor(new[] { (float)angles.RotDegrees, (float)angles.TiltDegrees, (float)angles.PsiDegrees }),
            ["shifts"] = tensor(new[] { (float)particle.Pose.ShiftX, (float)particle.Pose.ShiftY }),
            ["weight"] = tensor(usable ? particle.Weight : 0f),
            ["half"] = tensor((long)particle.Half),
            ["index"] = tensor((long)place),
        };
        foreach (var value in item.Values)
        {
            value.DetachFromDisposeScope();
        }

        return item;
    }

    /// <summary>Reads items and stacks them, as torch's <c>DataLoader</c> does, which releases its batches itself.</summary>
    /// <param name="items">Which, 0 to Count - 1; null for all.</param>
    /// <param name="device">Where to; the CPU by default.</param>
    /// <returns>The tensors, of as many rows; they belong to the dispose scope that is open.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read or has a value that is not finite.</exception>
    public Dictionary<string, Tensor> ReadBatch(IReadOnlyList<long>? items = null, Device? device = null)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor>[] rows = [.. (items ?? [.. Enumerable.Range(0, _members.Length).Select(i => (long)i)]).Select(GetTensor)];
        ArgumentOutOfRangeException.ThrowIfZero(rows.Length, nameof(items));
        scope.Attach(rows.SelectMany(r => r.Values));
        return rows[0].Keys.ToDictionary(key => key, key => stack(rows.Select(r => r[key])).to(device ?? CPU).MoveToOuterDisposeScope());
    }

    private static Tensor Of(float[] values) => TensorMemory.Write(values, [values.Length], CPU);

    /// <summary>Mean power of the images in each ring.</summary>
    private double[] MeanPower()
    {
        double[] power = new double[Disc.Radius + 1], count = new double[Disc.Radius + 1];
        float[] re = new float[Disc.Count], im = new float[Disc.Count], transfer = new float[Disc.Count];
        var every = Math.Max(1, _members.Length / NoiseImages);
        for (var m = 0; m < _members.Length; m += every)
        {
            if (!_images.Read(_members[m], re, im, transfer))
            {
                continue;
            }

            for (var i = 0; i < re.Length; i++)
            {
                var ring = FourierDisc.RingOf(Disc.Kx[i], Disc.Ky[i]);
                power[ring] += (re[i] * (double)re[i]) + (im[i] * (double)im[i]);
                count[ring]++;
            }
        }

        if (count[0] == 0)
        {
            throw new InvalidInputException($"No image of optics group {Source.OpticsGroups[Source.Particles[_members[0]].OpticsIndex].Name} holds anything.");
        }

        return [.. power.Select((p, q) => p / count[q])];
    }
}
