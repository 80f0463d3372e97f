namespace Gmm.IO;

/// <summary>A folder on a fast disk of this machine where images are kept once they were read, for stacks that lie on a slow one.</summary>
/// <remarks>
/// Each stack has a file of its own there, known by the stack's path, length and time: a stack that changed is read anew. Images are kept as they are, to
/// the last bit, with a checksum each; so results do not depend on the cache, and several processes can share it.
/// </remarks>
/// <param name="Folder">The folder; made if need be.</param>
/// <param name="Bytes">Most bytes that are written in all; null stops at nine tenths of what is free when it is opened.</param>
public sealed record ImageCacheOptions(string Folder, long? Bytes = null)
{
    /// <summary>Told, once, of what is damaged there; null for nobody. Such images come from their stack.</summary>
    internal Action<string>? Damaged { get; init; }
}
