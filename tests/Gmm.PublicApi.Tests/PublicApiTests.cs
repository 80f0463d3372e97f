using System.Reflection;

namespace Gmm.PublicApi.Tests;

public class PublicApiTests
{
    private const string UpdateVariable = "GMM_UPDATE_API";

    [Theory]
    [InlineData("Gmm.Core")]
    [InlineData("Gmm.IO")]
    [InlineData("Gmm.Maps")]
    [InlineData("Gmm.Simulation")]
    [InlineData("Gmm.Refinement")]
    [InlineData("Gmm.Heterogeneity")]
    [InlineData("Gmm.Reports")]
    public void ThePublicSurfaceIsTheApprovedOne(string library)
    {
        var surface = PublicSurface.Print(Assembly.Load(library));
        var path = Path.Combine(RepositoryRoot(), "tests", "Gmm.PublicApi.Tests", "Approved", library + ".txt");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, surface);
            return;
        }

        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (surface != approved)
        {
            Assert.Fail(
                $"The public API of {library} differs from tests/Gmm.PublicApi.Tests/Approved/{library}.txt:\n\n{LineDiff.Show(approved, surface)}\n\n"
                + $"If you mean it, run `{UpdateVariable}=1 dotnet test tests/Gmm.PublicApi.Tests -c Release` and commit the file.");
        }
    }

    // The working tree is found from the test's output folder, because source paths are mapped away in deterministic builds.
    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gmm.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Gmm.sln above {AppContext.BaseDirectory}: run the tests inside the working tree.");
    }
}
