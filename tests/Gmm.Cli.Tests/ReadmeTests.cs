namespace Gmm.Cli.Tests;

public class ReadmeTests
{
    /// <summary>The sample is built and run by .ci/run, so the README's program is too.</summary>
    [Fact]
    public void The_program_of_the_README_is_the_sample()
    {
        var root = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..");
        var readme = File.ReadAllText(Path.Combine(root, "README.md")).ReplaceLineEndings("\n");
        var block = readme.Split("```csharp\n").Skip(1).Select(b => b.Split("```")[0].Trim()).Single();
        var sample = File.ReadAllText(Path.Combine(root, "samples", "readme.cs")).ReplaceLineEndings("\n");
        Assert.Equal(sample.Trim(), block);
    }
}
