using Microsoft.Playwright;

namespace Gmm.Browser.Tests;

/// <summary>A page that is open: what it asked for and what its console said are kept.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private OpenPage(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Addresses outside the page that it asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Warnings and errors of its console, and errors of its scripts.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<OpenPage> Open(IBrowser browser, string file, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        var open = new OpenPage(context, page);
        var address = new Uri(Path.GetFullPath(file)).AbsoluteUri;
        page.Request += (_, request) =>
        {
            if (request.Url != address && new Uri(request.Url).Scheme is not ("data" or "blob"))
            {
                lock (open.Requests)
                {
                    open.Requests.Add(request.Url);
                }
            }
        };
        // SwiftShader says that reading pixels is slow.
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("GPU stall", StringComparison.Ordinal))
            {
                open.Complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => open.Complaints.Add(error);
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.ready === 'true'", null, new PageWaitForFunctionOptions { Timeout = 60_000 });
        return open;
    }

    /// <summary>Asserts that every part was drawn, nothing was asked for and nobody complained.</summary>
    public async Task RequireWhole()
    {
        var failed = await Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('script.gmm-data')].map(s => document.getElementById(JSON.parse(s.textContent).target))"
                + ".filter(e => e.dataset.state !== 'drawn').map(e => e.id + ': ' + e.textContent)");
        Assert.Empty(failed);
        Assert.Empty(Complaints);
        Assert.Empty(Requests);
    }

    /// <summary>Does something that changes the surface, and waits until it is drawn.</summary>
    public async Task Change(Func<Task> action)
    {
        var before = await Page.EvaluateAsync<int>("() => +document.querySelector('.viewer').dataset.drawn");
        await action();
        await Page.WaitForFunctionAsync("n => +document.querySelector('.viewer').dataset.drawn > n", before);
    }

    /// <summary>Colours of what the viewer shows: how many there are, and how many pixels are not of the most frequent one.</summary>
    public async Task<ViewerPixels> Viewer()
    {
        var values = await Page.EvaluateAsync<double[]>(
            """
            async () => {
              const image = new Image();
              image.src = document.querySelector('.viewer').viewer.pngURI();
              await image.decode();
              const canvas = document.createElement('canvas');
              canvas.width = image.width; canvas.height = image.height;
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const data = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer), counts = new Map();
              let sum = 0;
              data.forEach((c, i) => { counts.set(c, (counts.get(c) || 0) + 1); sum = (sum * 31 + c) % 4294967291; });
              return [counts.size, 1 - [...counts.values()].reduce((a, b) => Math.max(a, b)) / data.length, sum];
            }
            """);
        return new ViewerPixels((int)values[0], values[1], values[2]);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
