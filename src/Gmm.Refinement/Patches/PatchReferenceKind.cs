using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>What a patch's images are compared with.</summary>
[JsonConverter(typeof(SnakeCaseName<PatchReferenceKind>))]
public enum PatchReferenceKind
{
    /// <summary>
    /// The patch moves and the rest of the molecule stays where the consensus pose shows it, as in a multi-body refinement: the rest neither pulls
    /// the patch's pose nor counts as noise.
    /// </summary>
    RestFixed,

    /// <summary>The whole molecule moves with the patch, Gaussians outside its mask made wider, as published (<see cref="WidthMask"/>).</summary>
    WidthMask,
}
