using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Whether images are seen on the curved Ewald sphere (docs/optics.md, The Ewald sphere).</summary>
[JsonConverter(typeof(SnakeCaseName<EwaldMode>))]
public enum EwaldMode
{
    /// <summary>On the plane.</summary>
    Off,

    /// <summary>An atom at height z has the defocus less z.</summary>
    Positive,

    /// <summary>An atom at height z has the defocus plus z.</summary>
    Negative,

    /// <summary>With the sign that the images of both halves ask for; on the plane until they do.</summary>
    Auto,
}
