namespace Gmm.IO;

/// <summary>A record of a JSON file, or a part of one, that can say whether its values are usable. See <see cref="RecordFile"/>.</summary>
internal interface IRecord
{
    /// <summary>
    /// Checks what the type alone does not: numbers finite and in range, lists without nulls and of the length that other values or the program need.
    /// That members are there, not null and of their kind is known already.
    /// </summary>
    /// <param name="check">Says where it stands in the file, and complains.</param>
    void Validate(RecordCheck check);
}
