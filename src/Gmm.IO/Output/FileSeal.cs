using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>What a file of a run was when the run had written it, all of it: its length and a hash.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">SHA-256, 8 bytes of it.</param>
internal sealed record FileSeal(long Bytes, string Hash) : IRecord
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It is missing or cannot be read.</exception>
    public static FileSeal Of(string path)
    {
        var stamp = FileStamp.OfAll(path);
        return new FileSeal(stamp.Bytes, stamp.Hash);
    }

    /// <summary>Refuses a file that is not as it was.</summary>
    /// <exception cref="InvalidInputException">It changed, is missing or cannot be read.</exception>
    public void Require(string path)
    {
        var now = Of(path);
        if (now != this)
        {
            var change = now.Bytes == Bytes
                ? "has other content than the run wrote"
                : string.Create(CultureInfo.InvariantCulture, $"has {now.Bytes} bytes, the run wrote {Bytes}");
            throw new InvalidInputException($"{change}: a run goes on from its own files only; put the file back, or begin anew", path);
        }
    }

    void IRecord.Validate(RecordCheck check)
    {
        check["bytes"].NotNegative(Bytes);
        check["hash"].Require(Hash.Length == 16, "is no hash of 16 digits");
    }
}
