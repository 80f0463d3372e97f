using Microsoft.Playwright;

namespace Gmm.Browser.Tests;

/// <summary>The report of a refinement in a browser.</summary>
public class RefineReportTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static string Report => Path.Combine(Runs.Refined, "report.html");

    [ChromiumFact]
    public async Task Every_part_is_drawn_and_nothing_is_asked_of_a_network()
    {
        await using var open = await browser.Open(Report);
        await open.RequireWhole();
        Assert.Equal("Improved", await open.Page.Locator("#verdict h2").InnerTextAsync());
        foreach (var section in new[] { "map", "resolution", "slices", "poses", "directions", "iterations", "next", "made" })
        {
            Assert.Equal(1, await open.Page.Locator($"section#{section}").CountAsync());
        }

        // Start, two iterations, and three more of the last: masked, unmasked, phases random.
        Assert.Equal(6, await open.Page.EvaluateAsync<int>("() => document.querySelector('#resolution .plot').data.filter(t => t.name).length"));
        Assert.Equal(6, await open.Page.Locator("#poses .plot").CountAsync());
        Assert.True(await open.Page.Locator("#poses .plot .bars .point").CountAsync() > 60);
        Assert.Equal(12, await open.Page.Locator("#slices canvas").CountAsync());
    }

    [ChromiumFact]
    public async Task The_page_of_a_sharpened_map_is_drawn_whole()
    {
        // A name that would be markup.
        var prefix = Runs.In("post <b>&\"'/p");
        string Half(int n) => Path.Combine(Runs.Refined, $"run_half{n}_unfil.mrc");
        Runs.Run("postprocess", Half(1), Half(2), "--mask", Path.Combine(Runs.Refined, "run_mask.mrc"), "--out", prefix);
        await using var open = await browser.Open(prefix + "_report.html");
        await open.RequireWhole();
        Assert.Equal(3, await open.Page.Locator("#resolution .plot").CountAsync());
        Assert.Equal(18, await open.Page.Locator("#slices canvas").CountAsync());
        Assert.True((await open.Viewer()).Drawn is > 0.05 and < 0.9);
        Assert.Contains("post <b>&\"", await open.Page.Locator(".subtitle").InnerTextAsync(), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task The_curves_are_those_of_the_run()
    {
        var file = Gmm.IO.FscFile.ReadStar(Path.Combine(Runs.Refined, "fsc.star"));
        await using var open = await browser.Open(Report);
        var drawn = await open.Page.EvaluateAsync<double[]>(
            "() => [...document.querySelector('#resolution .plot').data.find(t => t.name?.startsWith('iteration 2')).y]");
        var expected = file.Curves.First(c => c.Label == Gmm.IO.FscFile.Corrected).Values;
        Assert.Equal(expected.Count, drawn.Length);
        Assert.All(expected.Zip(drawn), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    [ChromiumFact]
    public async Task A_pointer_over_the_curves_shows_resolution_and_values()
    {
        await using var open = await browser.Open(Report);
        var plot = open.Page.Locator("#resolution .plot");
        await plot.ScrollIntoViewIfNeededAsync();
        var box = (await plot.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + (box.Width * 0.4f), box.Y + (box.Height * 0.4f));
        var hover = open.Page.Locator("#resolution .hoverlayer .legend");
        await hover.WaitForAsync(new LocatorWaitForOptions { Timeout = 5000 });
        var text = await hover.TextContentAsync();
        Assert.Matches(@"\d+\.\d\d Å", text!);
        Assert.Matches(@"iteration 2: \d\.\d\d Å : 0\.\d{3}", text!);
    }

    [ChromiumFact]
    public async Task The_map_is_drawn_and_follows_its_controls()
    {
        await using var open = await browser.Open(Report);
        var first = await open.Viewer();
        Assert.True(first.Colours > 50 && first.Drawn is > 0.05 and < 0.9, $"{first}");
        // A higher level encloses less.
        await open.Change(() => open.Page.Locator(".contour").FillAsync("700"));
        var higher = await open.Viewer();
        Assert.True(higher.Drawn < 0.8 * first.Drawn, $"{first} {higher}");
        await open.Change(() => open.Page.Locator(".reset").ClickAsync());
        await open.Change(() => open.Page.Locator(".which").SelectOptionAsync("1"));
        var half = await open.Viewer();
        Assert.NotEqual(first.Sum, half.Sum);
        await open.Change(() => open.Page.Locator("input.local").CheckAsync());
        Assert.NotEqual(half.Sum, (await open.Viewer()).Sum);
        Assert.True(await open.Page.Locator(".colourbar").IsVisibleAsync());
        await open.RequireWhole();
    }

    [ChromiumFact]
    public async Task An_atomic_model_lies_in_the_map()
    {
        var page = Runs.In("with-model.html");
        Runs.Run("report", Runs.Refined, "--model", Runs.PlacedModel, "--out", page, "--overwrite");
        await using var open = await browser.Open(page);
        var without = await open.Viewer();
        await open.Change(() => open.Page.Locator("input.model").CheckAsync());
        Assert.NotEqual(without.Sum, (await open.Viewer()).Sum);
        // Its atoms are where the density is: most lie inside the box of the map, which is cut to the mask.
        var inside = await open.Page.EvaluateAsync<double>(
            """
            () => {
              const data = JSON.parse(document.querySelector('script[id^=data-viewer]').textContent);
              const atoms = document.querySelector('.viewer').viewer.selectedAtoms({});
              const inside = (v, i) => v > data.origin[i] && v < data.origin[i] + data.size[i] * data.pixel;
              return atoms.filter(a => ['x', 'y', 'z'].every((k, i) => inside(a[k], i))).length / atoms.length;
            }
            """);
        Assert.True(inside > 0.98, $"{inside}");
        await open.RequireWhole();
    }

    [ChromiumFact]
    public async Task On_a_phone_nothing_is_wider_than_the_screen()
    {
        await using var open = await browser.Open(Report, 375, 720, touch: true);
        await open.RequireWhole();
        Assert.Equal(375, await open.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [ChromiumFact]
    public async Task The_page_is_dark_where_the_system_is_and_can_be_switched()
    {
        await using var open = await browser.Open(Report, scheme: ColorScheme.Dark);
        async Task<int> Brightness() => await open.Page.EvaluateAsync<int>("() => +getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]");
        Assert.True(await Brightness() < 60);
        await open.Page.Locator("#theme").ClickAsync();
        Assert.True(await Brightness() > 200);
        await open.Page.Locator("#theme").ClickAsync();
        Assert.True(await Brightness() < 60);
        await open.RequireWhole();
    }

    [ChromiumFact]
    public async Task In_print_a_still_picture_takes_the_viewers_place()
    {
        await using var open = await browser.Open(Report, scheme: ColorScheme.Dark);
        await open.Page.WaitForFunctionAsync("() => document.querySelector('.still').src.startsWith('data:image/png')");
        await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.False(await open.Page.Locator(".stage").IsVisibleAsync());
        Assert.True(await open.Page.Locator(".still").IsVisibleAsync());
        Assert.False(await open.Page.Locator("nav").IsVisibleAsync());
        Assert.Equal("rgb(255, 255, 255)", await open.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.True((await open.Page.PdfAsync()).Length > 50_000);
    }

    [ChromiumFact]
    public async Task A_command_is_copied_as_it_stands()
    {
        await using var open = await browser.Open(Report);
        await open.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await open.Page.Locator(".copy").First.ClickAsync();
        var copied = await open.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Equal(await open.Page.Locator(".command code").First.TextContentAsync(), copied);
        Assert.StartsWith("gmm postprocess ", copied, StringComparison.Ordinal);
    }
}
