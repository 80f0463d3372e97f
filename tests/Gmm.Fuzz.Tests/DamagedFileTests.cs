using FsCheck;
using FsCheck.Fluent;

namespace Gmm.Fuzz.Tests;

/// <summary>
/// A damaged file is read rightly or refused with one line that names it: no other exception, no number that is not finite, no second of the processor, no
/// more memory than ten times the file and 64 MB (<see cref="Trial"/>). A failure is shrunk to the fewest and smallest damages that make it.
/// </summary>
/// <remarks>The rules that know the formats, and many more inputs, are those of the program Gmm.Fuzz (CONTRIBUTING.md).</remarks>
[Collection(FuzzFolder.Name)]
public sealed class DamagedFileTests(FuzzFolder folder)
{
    private const int Cases = 200;

    /// <summary>Every reader; the verbs are given damaged files without end by Gmm.Fuzz.</summary>
    public static TheoryData<string> Readers => [.. FuzzFolder.All.Where(t => !t.IsVerb).Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void What_is_damaged_is_read_rightly_or_refused(string reader)
    {
        // More real files, of a folder that need not be there.
        var real = Environment.GetEnvironmentVariable("GMM_REAL_DATA") ?? Path.Combine(AppContext.BaseDirectory, "real");
        var target = folder.Of(reader).With(real);
        byte[][] files = [.. target.Seeds, .. target.RealSeeds];

        // Whole files first: code that is compiled on the way takes time and memory that are not the file's.
        Assert.All(target.Seeds, file => Assert.Equal((null, null), folder.Outcome(target, file)));
        var property = Prop.ForAll(Damages.Of(files.Length), damages =>
        {
            var file = target.Mutator.Around(files[damages.Seed], whole => damages.All.Aggregate(whole, (bytes, d) => d.To(bytes)));

            var problem = folder.Outcome(target, file).Problem;
            return (problem is null).Label(problem ?? string.Empty);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true).WithReplay(1, 1), property);
    }
}
