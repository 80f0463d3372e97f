namespace Gmm.Core.Tests;

/// <summary>The size of an image in pixels and the seed of its values.</summary>
public readonly record struct SeededImage(int Height, int Width, int Seed);
