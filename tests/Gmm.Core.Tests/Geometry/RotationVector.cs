namespace Gmm.Core.Tests;

/// <summary>A rotation's axis times its angle in radians, as FsCheck draws it.</summary>
public readonly record struct RotationVector(double X, double Y, double Z);
