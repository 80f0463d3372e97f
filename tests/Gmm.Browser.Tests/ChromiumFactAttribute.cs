namespace Gmm.Browser.Tests;

/// <summary>A test in a browser, skipped with the reason where there is none.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Chromium.Path is null)
        {
            Skip = "no Chromium: there is none in the usual places, and CHROMIUM does not name one";
        }
    }
}
