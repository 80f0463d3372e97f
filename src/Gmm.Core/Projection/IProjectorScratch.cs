namespace Gmm.Core;

/// <summary>The working memory of one thread for one projector. Its content means nothing between calls.</summary>
public interface IProjectorScratch
{
    /// <summary>Size of the memory held, bytes.</summary>
    long Bytes { get; }
}
