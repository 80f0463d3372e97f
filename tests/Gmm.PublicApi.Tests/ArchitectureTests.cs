using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Gmm.PublicApi.Tests;

/// <summary>Arrows between packages, and between the folders of a package, point one way (docs/architecture.md).</summary>
public class ArchitectureTests
{
    /// <summary>What each package may refer to.</summary>
    private static readonly Dictionary<string, string[]> s_mayReferTo = new()
    {
        ["Gmm.Core"] = [],
        ["Gmm.IO"] = ["Gmm.Core"],
        ["Gmm.Maps"] = ["Gmm.Core", "Gmm.IO"],
        ["Gmm.Simulation"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps"],
        ["Gmm.Refinement"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Simulation"],
        ["Gmm.Testing"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Simulation", "Gmm.Refinement"],
        ["Gmm.Heterogeneity"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Simulation", "Gmm.Refinement"],
        ["Gmm.Reports"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Simulation", "Gmm.Refinement", "Gmm.Heterogeneity"],
        ["Gmm.Interactive"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Simulation", "Gmm.Refinement", "Gmm.Heterogeneity", "Gmm.Reports"],
        ["Gmm.Torch"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Simulation", "Gmm.Refinement", "Gmm.Heterogeneity"],
        ["Gmm.Gpu"] = ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Refinement"],
        ["Gmm.Cli"] =
            ["Gmm.Core", "Gmm.IO", "Gmm.Maps", "Gmm.Simulation", "Gmm.Refinement", "Gmm.Heterogeneity", "Gmm.Reports", "Gmm.Torch", "Gmm.Gpu"],
    };

    public static TheoryData<string> Projects => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Packages => Repository.PackageNames(libraries: false);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_packages_below_it(string name) =>
        Assert.Equal([], SourceProject.Read(Path.Combine(Repository.Root, "src", name, name + ".csproj")).References.Except(MayReferTo(name)));

    [Theory]
    [MemberData(nameof(Packages))]
    public void An_assembly_refers_only_to_packages_below_it(string name)
    {
        var package = Repository.Packages.Single(p => p.Name == name);
        var found = Assembly.Load(package.AssemblyName).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(a => a.StartsWith("gmm", StringComparison.OrdinalIgnoreCase))
            .Select(a => Repository.Packages.SingleOrDefault(p => p.AssemblyName == a)?.Name ?? a);
        Assert.Equal([], found.Except(MayReferTo(name)));
    }

    [Fact]
    public void Gmm_Torch_and_its_tests_see_what_any_program_sees()
    {
        var names = Repository.Packages.Where(p => p.Name != "Gmm.Torch").SelectMany(
            p => Assembly.Load(p.AssemblyName).GetCustomAttributes<InternalsVisibleToAttribute>().Select(a => $"{p.Name} -> {a.AssemblyName}")).ToArray();
        // Others do see internals, so that the attributes are found where there are any.
        Assert.Contains("Gmm.Core -> Gmm.Maps", names);
        Assert.DoesNotContain(names, n => n.Contains("-> Gmm.Torch", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Folders_of_a_package_refer_to_each_other_one_way(string name)
    {
        var graph = FolderGraph.Of(Repository.Packages.Single(p => p.Name == name));
        var cycles = graph.OnCyclesWithout([]).Select(c => $"\n{c.Arrow}: {c.Places}").ToArray();
        Assert.True(
            cycles.Length == 0,
            $"These arrows between folders form cycles; turn one of each round, or move a type to where it is needed:{string.Concat(cycles)}");
    }

    [Fact]
    public void Arrows_are_found_where_code_refers_to_a_type_or_a_member_and_nowhere_else()
    {
        (string, string)[] files =
        [
            ("A/One.cs", "namespace N; internal static class One { public static int Value(this int x) => x; public const string T = \"Two\"; } // Two"),
            ("B/Two.cs", "namespace N; internal class Two { public int Three => 4.Value(); public Inner? Own; internal class Inner; }"),
            ("C/Three.cs", "namespace N; internal class Three { private readonly Two _two = new(); public string Told => $\"{One.T} {_two.Own}\"; }"),
            ("Root.cs", "namespace N; internal class Root { public Three? Three; }"),
        ];
        var graph = FolderGraph.Of("N", files, OutputKind.DynamicallyLinkedLibrary);
        Assert.Equal([". -> C", "B -> A", "C -> A", "C -> B"], graph.Arrows.Order(StringComparer.Ordinal));
        Assert.Empty(graph.OnCyclesWithout([]));

        // Through a member alone, without the name of its type: from A to C, and so round all of them.
        (string, string)[] more =
        [
            .. files,
            ("A/Four.cs", "namespace N; internal static class Four { public static int Length(Root root) => root.Three!.Told.Length; }"),
        ];
        var back = FolderGraph.Of("N", more, OutputKind.DynamicallyLinkedLibrary);
        Assert.Equal([". -> C", "A -> .", "A -> C", "B -> A", "C -> A", "C -> B"], back.OnCyclesWithout([]).Select(c => c.Arrow).Order(StringComparer.Ordinal));
        Assert.Equal(["A -> C", "B -> A", "C -> A", "C -> B"], back.OnCyclesWithout(["A -> ."]).Select(c => c.Arrow).Order(StringComparer.Ordinal));
        Assert.Empty(back.OnCyclesWithout(["A -> .", "A -> C"]));
        Assert.Contains(("A -> C", "1 x, first A/Four.cs(1): Told"), back.OnCyclesWithout([]));
    }

    [Fact]
    public void Code_that_means_nothing_is_not_taken_for_code_without_arrows() =>
        Assert.Throws<InvalidOperationException>(
            () => FolderGraph.Of("N", [("A/One.cs", "internal class One { private Missing? _missing; }")], OutputKind.DynamicallyLinkedLibrary));

    private static string[] MayReferTo(string name) =>
        s_mayReferTo.TryGetValue(name, out var below)
            ? below
            : throw new InvalidOperationException($"{name} has no row in {nameof(ArchitectureTests)}: say there what it may refer to.");
}
