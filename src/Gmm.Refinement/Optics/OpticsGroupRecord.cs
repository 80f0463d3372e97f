using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>What was found of an optics group in one half.</summary>
/// <param name="Name">The group's name in the file it started from.</param>
/// <param name="Half">1 or 2.</param>
/// <param name="Particles">Particles that it was found from.</param>
/// <param name="Terms">Its terms.</param>
/// <param name="Kept">Why terms stayed as they were, if all did; null otherwise.</param>
public sealed record OpticsGroupRecord(string Name, int Half, int Particles, IReadOnlyList<OpticsTermRecord> Terms, string? Kept) : IRecord
{
    void IRecord.Validate(RecordCheck check)
    {
        check["name"].Some(Name);
        check["half"].Within(Half, 1, 2);
        check["particles"].NotNegative(Particles);
        check["terms"].All(Terms);
    }
}
