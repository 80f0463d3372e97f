using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>What becomes of the Gaussians outside a focus mask.</summary>
[JsonConverter(typeof(SnakeCaseName<FocusMode>))]
public enum FocusMode
{
    /// <summary>They are made wider, as published: their fine detail no longer pulls the poses, their low resolution still does.</summary>
    Width,

    /// <summary>Their amplitude is multiplied by the mask (published as <c>--maskamp</c>): the reference is the region alone.</summary>
    Amplitude,

    /// <summary>
    /// The reference is the region alone, and the rest stays where each particle's consensus pose shows it, as in a multi-body refinement: only
    /// the region moves, and the rest neither pulls its pose nor counts as noise.
    /// </summary>
    Subtract,
}
