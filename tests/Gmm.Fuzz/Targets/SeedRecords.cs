using System.Text;
using Gmm.Cli.Tests;

namespace Gmm.Fuzz;

/// <summary>Whole records as text: the samples whose every member the tests of the readers damage.</summary>
internal static class SeedRecords
{
    public static byte[] Manifest => Encoding.UTF8.GetBytes(
        """
        { "format_version": 2, "job": "refine", "program": "gmm refine a.star --out r", "settings": { "iterations": 2, "mask": null }, "finished": true,
          "inputs": [ { "path": "a.mrcs", "bytes": 100, "changed": "2026-01-01T00:00:00Z", "hash": "0123456789abcdef", "whole": true } ],
          "files": [ "run.json", "iterations/run_it001_state.json" ],
          "seals": { "iterations/run_it001_state.json": { "bytes": 12, "hash": "0123456789abcdef" } } }
        """);

    public static byte[] Motion => Encoding.UTF8.GetBytes(
        """
        { "domains": [
          { "name": "a", "atoms": "A:1", "hinge": { "point": [1, 2, 3], "axis": [0, 0, 1], "sd_deg": 4, "range_deg": 0, "range_A": 0 },
        """ + """
         "jitter_deg": 1, "jitter_A": 0.5 },
          { "name": "b", "atoms": "A:101", "hinge": { "residues": "A:101", "range_A": 5 } } ] }
        """);

    /// <summary>The sample of a type of record.</summary>
    public static byte[] Of<T>() => Encoding.UTF8.GetBytes(RecordSamples.All().Single(s => s.Name == typeof(T).Name).Json.ToJsonString());
}
