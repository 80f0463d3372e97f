using System.Reflection;
using PublicApiGenerator;

namespace Gmm.PublicApi.Tests;

public class PublicApiTests
{
    private const string UpdateVariable = "GMM_UPDATE_API";

    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Gmm.PublicApi.Tests", "Approved");

    public static TheoryData<string> Libraries => Repository.PackageNames(libraries: true);

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_approved_one(string library)
    {
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            // Names a type of the compiler's, whose number changes with the methods before it.
            ExcludeAttributes = ["System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"],
        };
        var surface = Assembly.Load(library).GeneratePublicApi(options).ReplaceLineEndings("\n") + "\n";
        var path = Path.Combine(s_folder, library + ".txt");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, surface);
            return;
        }

        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (surface != approved)
        {
            Assert.Fail(
                $"The public API of {library} differs from tests/Gmm.PublicApi.Tests/Approved/{library}.txt. {FirstDifference.Show(approved, surface)}\n\n"
                + $"If you mean it, run `{UpdateVariable}=1 dotnet test tests/Gmm.PublicApi.Tests -c Release`, read `git diff` and commit the file.");
        }
    }

    [Fact]
    public void Every_approved_file_is_that_of_a_package()
    {
        var files = Directory.EnumerateFiles(s_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(Repository.Packages.Where(p => p.IsLibrary).Select(p => p.Name + ".txt"), files);
    }

    [Fact]
    public void A_difference_names_the_type_and_the_lines()
    {
        const string Before = "namespace N\n{\n    public class A\n    {\n        int X;\n        int Y;\n    }\n"
            + "    public class B\n    {\n        int Z;\n    }\n}\n";
        var after = Before.Replace("        int Y;\n", "        int V;\n        int W;\n", StringComparison.Ordinal);
        Assert.Equal(
            "First where it changes, line 6, in `public class A`:\n\n-         int Y;\n+         int V;\n+         int W;",
            FirstDifference.Show(Before, after));
        Assert.Equal(
            "First where it changes, line 10, in `public class B`:\n\n-         int Z;",
            FirstDifference.Show(Before, Before.Replace("        int Z;\n", "", StringComparison.Ordinal)));
    }
}
