using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Gmm.Browser.Tests;

/// <summary>Names in files that mean to be code are text in the page.</summary>
public class HostileNameTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Evil = "a'b\";c</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u2028\nlast & <b>";

    [ChromiumFact]
    public async Task Names_of_a_refinement_are_text()
    {
        var folder = Runs.Copy(Runs.Refined, "hostile");
        var run = Path.Combine(folder, "run.json");
        var record = JsonNode.Parse(File.ReadAllText(run))!;
        record["particles_file"] = Evil;
        record["program"] = Evil;
        record["warnings"] = new JsonArray(Evil);
        record["stop_reason"] = Evil;
        record["verdict"]!["reason"] = Evil;
        record["verdict"]!["advice"] = Evil;
        File.WriteAllText(run, record.ToJsonString());
        var list = Path.Combine(folder, "gmm_files.json");
        var manifest = JsonNode.Parse(File.ReadAllText(list))!;
        manifest["program"] = Evil;
        manifest["settings"]!["</dd><script>document.title='taken'</script>"] = Evil;
        File.WriteAllText(list, manifest.ToJsonString());
        Runs.Run("report", folder);

        await using var open = await browser.Open(Path.Combine(folder, "report.html"));
        await open.RequireWhole();
        Assert.StartsWith("Refinement: a'b\";c</script>", await open.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await open.Page.Locator("main img:not(.still), main script, main b").CountAsync());
        Assert.Contains("<img src=x", await open.Page.Locator("#verdict").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("onerror=", await open.Page.Locator("#warnings").InnerTextAsync(), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task The_folders_name_is_quoted_for_a_shell()
    {
        var folder = Runs.Copy(Runs.Refined, "it's; a <b>folder</b> $(touch x)");
        Runs.Run("report", folder);
        await using var open = await browser.Open(Path.Combine(folder, "report.html"));
        await open.RequireWhole();
        var command = await open.Page.Locator(".command code").First.TextContentAsync();
        Assert.Contains("it'\\''s; a <b>folder</b> $(touch x)/run_half1_unfil.mrc'", command!, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Names_of_images_that_are_chosen_are_text_and_the_list_reads_back()
    {
        var folder = Runs.Copy(Runs.Motion, "hostile-motion");
        var latent = Path.Combine(folder, "latent.star");
        var star = Gmm.IO.StarFile.Read(latent);
        var table = star.Find("particles")!.Table!;
        var names = table.GetColumn("rlnImageName");
        names[0] = "000001@<script>document.title='taken'</script>;' \"x";
        names[1] = "000002@a b'c.mrcs";
        table.SetColumn("rlnImageName", names);
        star.Write(latent, overwrite: true);
        Runs.Run("report", folder);

        await using var open = await browser.Open(Path.Combine(folder, "report.html"));
        await open.RequireWhole();
        await LassoTests.Around(open, 0.02, 0.98);
        var lines = (await open.Page.Locator(".selection textarea").InputValueAsync()).Split('\n');
        Assert.Equal(names.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("taken", await open.Page.TitleAsync(), StringComparison.Ordinal);
    }
}
