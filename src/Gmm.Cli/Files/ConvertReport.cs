namespace Gmm.Cli;

/// <summary>Result of convert.</summary>
/// <param name="Kind">What was written: particles, tilts (single ones of stacks of them), model, images (a stack) or map.</param>
/// <param name="Read">Particles, tilts, Gaussians, images or maps that were read, of all inputs.</param>
/// <param name="Written">Those that were written.</param>
/// <param name="OpticsGroups">Optics groups of the particles; null of a model or images, and of tables without any.</param>
/// <param name="DroppedColumns">Columns of the particles that the file written has no place for; null of a model or images.</param>
/// <param name="Files">The files written.</param>
internal sealed record ConvertReport(string Kind, int Read, int Written, int? OpticsGroups, IReadOnlyList<string>? DroppedColumns, string[] Files);
