using System.IO.Compression;

namespace Gmm.Fuzz;

/// <summary>Damages what is in a gzipped file, or the zipped bytes.</summary>
/// <param name="inner">Damages the content.</param>
internal sealed class ZippedMutator(IMutator inner) : IMutator
{
    private static readonly ByteMutator Bytes = new();

    public byte[] Mutate(byte[] seed, Random random)
    {
        if (random.Next(4) == 0)
        {
            return Bytes.Mutate(seed, random);
        }

        var content = inner.Mutate(Unzip(seed), random);
        return Zip(random.Next(50) == 0 ? [.. content, .. new byte[1 << random.Next(22)]] : content);
    }

    public byte[] Around(byte[] seed, Func<byte[], byte[]> damage) => Zip(inner.Around(Unzip(seed), damage));

    public static byte[] Unzip(byte[] zipped)
    {
        using var unzipped = new MemoryStream();
        using var stream = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress);
        stream.CopyTo(unzipped);
        return unzipped.ToArray();
    }

    public static byte[] Zip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var stream = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            stream.Write(content);
        }

        return zipped.ToArray();
    }
}
