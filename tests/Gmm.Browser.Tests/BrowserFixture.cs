using Microsoft.Playwright;

namespace Gmm.Browser.Tests;

/// <summary>One browser for all tests, with a renderer of its own for WebGL, so that no graphics card is needed.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium.Path,
            Args = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a page and waits until all of it is drawn.</summary>
    internal Task<OpenPage> Open(string file, int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light, bool touch = false) =>
        OpenPage.Open(_browser!, file, new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            HasTouch = touch,
            AcceptDownloads = true,
        });
}
