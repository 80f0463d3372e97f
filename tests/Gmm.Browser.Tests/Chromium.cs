namespace Gmm.Browser.Tests;

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    /// <summary>Its program; null where there is none.</summary>
    public static string? Path { get; } = new[]
    {
        Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    }.FirstOrDefault(File.Exists);
}
