using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>Name and centre of a patch.</summary>
/// <param name="Name">patch01, body02.</param>
/// <param name="Centre">Its centre, angstrom from the box centre.</param>
internal sealed record PatchPlace(string Name, [property: JsonPropertyName("centre_A")] double[] Centre) : IRecord
{
    void IRecord.Validate(RecordCheck check)
    {
        // It becomes part of names of files.
        check["name"].PlainName(Name);
        check["centre_A"].Count(Centre.Length, 3);
        check["centre_A"].AllFinite(Centre);
    }
}
