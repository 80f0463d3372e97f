namespace Gmm.Core;

/// <summary>How well a projection fits an image.</summary>
/// <param name="Objective">What an optimizer maximises.</param>
/// <param name="Correlation">-1 to 1: the mean ring correlation, or the whitened weighted correlation.</param>
/// <param name="Scale">Least-squares amplitude of the projection in the image; 1 where the scorer has none.</param>
public readonly record struct PoseScore(double Objective, double Correlation, double Scale);
