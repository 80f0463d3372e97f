using Gmm.IO;
using Microsoft.Playwright;

namespace Gmm.Browser.Tests;

/// <summary>Latent points that are chosen with the lasso.</summary>
public class LassoTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [ChromiumFact]
    public async Task Every_part_is_drawn_and_nothing_is_asked_of_a_network()
    {
        await using var open = await browser.Open(Path.Combine(Runs.Motion, "report.html"));
        await open.RequireWhole();
        foreach (var section in new[] { "latent", "gain", "spread", "next", "made" })
        {
            Assert.Equal(1, await open.Page.Locator($"section#{section}").CountAsync());
        }

        // Both halves, with the error bars of the gain.
        Assert.Equal(2, await open.Page.Locator("#gain .plot").CountAsync());
        Assert.True(await open.Page.Locator("#gain .errorbar").CountAsync() > 2);
    }

    [ChromiumFact]
    public async Task A_lasso_chooses_the_particles_inside_it()
    {
        await using var open = await browser.Open(Path.Combine(Runs.Motion, "report.html"));
        var all = StarFile.Read(Path.Combine(Runs.Motion, "latent.star")).Find("particles")!.Table!.GetColumn("rlnImageName");
        var list = open.Page.Locator(".selection textarea");
        Assert.Equal(string.Empty, await list.InputValueAsync());
        Assert.True(await open.Page.Locator(".star-list").IsDisabledAsync());

        await Around(open, 0.02, 0.98);
        Assert.Equal(all.Length, (await list.InputValueAsync()).Split('\n').Length);

        // Left of the middle: those whose coordinate is less than where the line is, no others.
        await Around(open, 0.02, 0.5);
        var chosen = (await list.InputValueAsync()).Split('\n');
        Assert.InRange(chosen.Length, 1, all.Length - 1);
        var (least, greatest) = await Coordinates(open, chosen);
        Assert.True(least < greatest, $"{least} {greatest}");
        Assert.StartsWith($"{chosen.Length} of {all.Length} particles chosen", await open.Page.Locator(".count").InnerTextAsync(), StringComparison.Ordinal);

        var download = await open.Page.RunAndWaitForDownloadAsync(() => open.Page.Locator(".star-list").ClickAsync());
        var file = Runs.In("chosen.star");
        await download.SaveAsAsync(file);
        Assert.Equal(chosen, StarFile.Read(file).Find("particles")!.Table!.GetColumn("rlnImageName"));
        await open.RequireWhole();
    }

    [ChromiumFact]
    public async Task A_landscape_shows_its_particles_and_its_movie()
    {
        Runs.Run("landscape", Runs.Motion, "--out", Runs.In("seen"), "--nearest", "0", "--points", "3", "--overwrite");
        await using var open = await browser.Open(Runs.In("seen/report.html"));
        await open.RequireWhole();
        Assert.True(await open.Page.EvaluateAsync<bool>("() => document.querySelector('#movie img').naturalWidth > 300"));
        await Around(open, 0.02, 0.98);
        Assert.Equal(200, (await open.Page.Locator(".selection textarea").InputValueAsync()).Split('\n').Length);
    }

    [ChromiumFact]
    public async Task On_a_phone_nothing_is_wider_than_the_screen()
    {
        await using var open = await browser.Open(Path.Combine(Runs.Motion, "report.html"), 375, 720, touch: true);
        await open.RequireWhole();
        Assert.Equal(375, await open.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    /// <summary>Draws a line around a part of the chart, as shares of its width from the left, over all its height.</summary>
    internal static async Task Around(OpenPage open, double from, double to)
    {
        var area = open.Page.Locator(".selection .plot .nsewdrag").First;
        await area.ScrollIntoViewIfNeededAsync();
        var box = (await area.BoundingBoxAsync())!;
        float X(double share) => (float)(box.X + (share * box.Width));
        float Y(double share) => (float)(box.Y + (share * box.Height));
        await open.Page.EvaluateAsync("() => { delete document.querySelector('.selection').dataset.chosen; }");
        await open.Page.Mouse.MoveAsync(X(from), Y(0.01));
        await open.Page.Mouse.DownAsync();
        foreach (var (x, y) in new[] { (to, 0.01), (to, 0.5), (to, 0.99), (from, 0.99), (from, 0.5), (from, 0.02) })
        {
            await open.Page.Mouse.MoveAsync(X(x), Y(y), new MouseMoveOptions { Steps = 4 });
        }

        await open.Page.Mouse.UpAsync();
        await open.Page.WaitForFunctionAsync("() => document.querySelector('.selection').dataset.chosen > 0");
    }

    /// <summary>The greatest coordinate of the chosen points, and the least of the others.</summary>
    private static async Task<(double Chosen, double Others)> Coordinates(OpenPage open, string[] chosen)
    {
        var values = await open.Page.EvaluateAsync<double[]>(
            """
            chosen => {
              const names = new Set(chosen), inside = [], outside = [];
              for (const trace of document.querySelector('.selection .plot').data) {
                trace.text.forEach((name, i) => (names.has(name) ? inside : outside).push(trace.x[i]));
              }
              return [Math.max(...inside), Math.min(...outside)];
            }
            """, chosen);
        return (values[0], values[1]);
    }
}
