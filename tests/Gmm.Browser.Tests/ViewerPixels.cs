namespace Gmm.Browser.Tests;

/// <summary>What the viewer shows, in figures.</summary>
/// <param name="Colours">Different colours.</param>
/// <param name="Drawn">Part of the pixels that are not background.</param>
/// <param name="Sum">A sum over all pixels that another picture does not have.</param>
internal readonly record struct ViewerPixels(int Colours, double Drawn, double Sum);
