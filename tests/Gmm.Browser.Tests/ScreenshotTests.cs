using Microsoft.Playwright;

namespace Gmm.Browser.Tests;

/// <summary>
/// Pictures of reports for a person to look at: GMM_SCREENSHOTS names the folder they go to, GMM_REPORTS pages of other runs (name=file, separated by
/// semicolons) beside those of the tests.
/// </summary>
public class ScreenshotTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int Quality = 72;

    [ChromiumFact]
    public async Task Pictures_show_the_page_in_each_of_its_forms()
    {
        var folder = Environment.GetEnvironmentVariable("GMM_SCREENSHOTS") ?? Runs.In("screenshots");
        var more = (Environment.GetEnvironmentVariable("GMM_REPORTS") ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2)).Select(p => (Name: p[0], File: p[1]));
        foreach (var (name, file) in more.Append((Name: "refine", File: Path.Combine(Runs.Refined, "report.html"))))
        {
            foreach (var (form, width, scheme) in new[]
            {
                ("light", 1180, ColorScheme.Light), ("dark", 1180, ColorScheme.Dark), ("phone", 375, ColorScheme.Light),
            })
            {
                await using var open = await browser.Open(file, width, 900, scheme);
                await open.RequireWhole();
                var picture = Path.Combine(folder, $"{name}-{form}.jpg");
                await open.Page.ScreenshotAsync(new PageScreenshotOptions { Path = picture, FullPage = true, Type = ScreenshotType.Jpeg, Quality = Quality });
                Assert.True(new FileInfo(picture).Length > 50_000);
                if (form == "light")
                {
                    await open.Page.ScreenshotAsync(new PageScreenshotOptions
                    {
                        Path = Path.Combine(folder, $"{name}-top.jpg"),
                        FullPage = true,
                        Clip = new Clip { Width = 1180, Height = 2300 },
                        Type = ScreenshotType.Jpeg,
                        Quality = Quality,
                    });
                }

                if (form == "light" && await open.Page.Locator(".viewer").CountAsync() > 0)
                {
                    await Map(open, Path.Combine(folder, $"{name}-map.jpg"));
                    if (await open.Page.Locator("input.model").CountAsync() > 0)
                    {
                        await open.Change(() => open.Page.Locator("input.model").CheckAsync());
                        await Map(open, Path.Combine(folder, $"{name}-map-model.jpg"));
                        await open.Change(() => open.Page.Locator("input.model").UncheckAsync());
                    }

                    await open.Change(() => open.Page.Locator("input.local").CheckAsync());
                    await Map(open, Path.Combine(folder, $"{name}-map-local.jpg"));
                }
            }
        }
    }

    private static Task<byte[]> Map(OpenPage open, string picture) => open.Page.Locator("#map").ScreenshotAsync(
        new LocatorScreenshotOptions { Path = picture, Type = ScreenshotType.Jpeg, Quality = Quality });
}
