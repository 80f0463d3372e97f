using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Maps.Tests;

public sealed class PartialReconstructionTests : IDisposable
{
    private static readonly ComputeOptions Two = new() { Threads = 2 };
    private static readonly ReconstructionOptions Options = new() { Symmetry = SymmetryGroup.Parse("D3"), MaxResolution = 5 };
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-partial-").FullName;
    private readonly MemorySource _source = RandomGaussians.Make(9, 15, 2).Images([new OpticsGroup { PixelSize = 2, ImageSize = 24 }], 61, 31);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parts_added_in_any_order_are_the_whole()
    {
        var weights = _source.Particles.Select((_, i) => 0.5f + (0.01f * i)).ToArray();
        var files = Enumerable.Range(1, 4).Select(p => Write(p, 4, weights: weights)).ToArray();
        var infos = files.Select(PartialReconstruction.ReadInfo).ToArray();
        Assert.Equal((31, 30), (infos.Sum(i => i.Count1), infos.Sum(i => i.Count2)));
        var whole = new FourierReconstructor().ReconstructHalves(new(_source, null, weights), Options, Two);
        var parts = PartialReconstruction.Finish(files, Two);
        Assert.Equal((31, 30, 24), (parts.Count1, parts.Count2, parts.Half1.Size));
        foreach (var (a, b) in new[] { (whole.Half1, parts.Half1), (whole.Half2, parts.Half2) })
        {
            var largest = a.Voxels.Max(Math.Abs);
            Assert.All(a.Voxels.Zip(b.Voxels), v => Assert.Equal(v.First, v.Second, 1e-6f * largest));
            // The halves are not mixed up: they differ far more from each other.
            Assert.True(whole.Half1.Voxels.Zip(whole.Half2.Voxels).Max(v => Math.Abs(v.First - v.Second)) > 1e-3f * largest);
        }

        var shuffled = PartialReconstruction.Finish([files[2], files[0], files[3], files[1]], new ComputeOptions { Threads = 1 });
        Assert.Equal(parts.Half1.Voxels, shuffled.Half1.Voxels);
        Assert.Equal(parts.Half2.Voxels, shuffled.Half2.Voxels);
    }

    [Fact]
    public void One_part_is_the_whole_to_the_bit_with_the_filtered_map_too()
    {
        var ssnr = Enumerable.Range(0, 13).Select(s => 20.0 / (1 + s)).ToArray();
        var (halves, filtered) = new FourierReconstructor().ReconstructFiltered(new(_source), Options, _ => ssnr, Two);
        var (parts, partsFiltered) = PartialReconstruction.Finish([Write(1, 1)], _ => ssnr, Two);
        Assert.Equal(halves.Half1.Voxels, parts.Half1.Voxels);
        Assert.Equal(halves.Half2.Voxels, parts.Half2.Voxels);
        Assert.Equal(filtered.Voxels, partsFiltered!.Voxels);
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        var one = Write(1, 2);
        Fails("part 1 of 2 is given twice", one, Write(1, 2, name: "again"));
        Fails("part 2 of 2 is missing", one);
        Fails("symmetry D3 and C1", one, Write(2, 2, name: "c1", options: Options with { Symmetry = SymmetryGroup.None }));
        Fails("box 24 and 20", one, Write(2, 2, name: "box", options: Options with { BoxSize = 20 }));
        Fails("padding 1.5 and 2", one, Write(2, 2, name: "pad", reconstructor: new FourierReconstructor { PaddingFactor = 2 }));
        Fails("number of parts 2 and 3", one, Write(3, 3, name: "three"));
        Fails("particle list or weights", one, Write(2, 2, name: "weights", weights: [.. Enumerable.Repeat(2f, 61)]));
        Assert.Throws<InvalidInputException>(() => PartialReconstruction.Finish([], Two));
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        var file = Write(1, 1);
        var bytes = File.ReadAllBytes(file);
        var damaged = Path.Combine(_folder, "damaged");
        void Damage(string problem, byte[] content)
        {
            File.WriteAllBytes(damaged, content);
            Fails(problem, damaged);
        }

        Damage("not a file of partial sums", [.. "some text that is none"u8]);
        Damage("is empty", []);
        Damage("cut off or damaged", bytes[..^100]);
        Damage("cut off", bytes[..40]);
        var flipped = bytes.ToArray();
        flipped[bytes.Length / 2] ^= 1;
        Damage("checksum", flipped);
        var version = bytes.ToArray();
        version[Array.IndexOf(bytes, (byte)'1', 12)] = (byte)'7';
        Damage("format_version: has another version: it is 7", version);
        Damage("half 1, plane 8: holds a sum that is NaN", Sealed(bytes, double.NaN));
        Damage("has values that are not finite", Sealed(bytes, 1e300));
        Fails("does not exist", Path.Combine(_folder, "none"));
    }

    [Fact]
    public void A_part_with_nothing_in_it_or_outside_is_an_error_and_leaves_no_file()
    {
        var path = Path.Combine(_folder, "empty");
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(3, 2, name: "empty"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(0, 2, name: "empty"));
        var e = Assert.Throws<InvalidInputException>(() => Write(1, 2, name: "empty", weights: [.. Enumerable.Range(0, 61).Select(i => i < 30 ? 0f : 1)]));
        Assert.Contains("Part 1 of 2", e.Message, StringComparison.Ordinal);
        _source.Images[60][3] = float.NaN;
        Assert.Throws<InvalidInputException>(() => Write(2, 2, name: "empty"));
        Assert.False(File.Exists(path));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_resolution_of_minus_zero_is_zero()
    {
        // Found by the fuzzer in a header: an internal error.
        Assert.Equal(new ReconstructionGrid(24, 2, 1.5).LastShell, new ReconstructionGrid(24, 2, 1.5, -0.0).LastShell);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReconstructionGrid(24, 2, 1.5, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReconstructionGrid(24, 2, 1.5, double.NaN));
    }

    /// <summary>A file with one sum of the first half replaced, and a checksum that fits.</summary>
    private static byte[] Sealed(byte[] file, double value)
    {
        var content = file[..^32];
        var first = 12 + BitConverter.ToInt32(file, 8);
        BitConverter.TryWriteBytes(content.AsSpan(first + (8 * 6000)), value);
        return [.. content, .. System.Security.Cryptography.SHA256.HashData(content)];
    }

    private void Fails(string problem, params string[] files)
    {
        var e = Assert.Throws<InvalidInputException>(() => PartialReconstruction.Finish(files, Two));
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.StartsWith(_folder, e.Message, StringComparison.Ordinal);
    }

    private string Write(
        int part, int parts, string? name = null, ReconstructionOptions? options = null, FourierReconstructor? reconstructor = null,
        float[]? weights = null)
    {
        var path = Path.Combine(_folder, name ?? $"part{part}of{parts}");
        PartialReconstruction.Write(path, new(_source, null, weights), options ?? Options, part, parts, Two, reconstructor);
        return path;
    }
}
