using System.Text.Json.Nodes;

namespace Gmm.IO.Tests;

/// <summary>What a resumed run's settings differ in, in words of who set them.</summary>
public sealed class SettingWordsTests
{
    [Theory]
    [InlineData("{\"max_resolution\":6}", "{\"max_resolution\":null}", "--max-resolution was 6, now not given")]
    [InlineData("{\"images\":{\"invert\":false}}", "{\"images\":{\"invert\":true}}", "--invert was off, now on")]
    [InlineData("{\"mask\":\"0123456789abcdef\"}", "{\"mask\":\"0123456789abcdee\"}", "--mask is another than it was")]
    [InlineData("{\"mask\":null}", "{\"mask\":\"0123456789abcdee\"}", "--mask was not given, now given")]
    [InlineData("{\"reference\":null}", "{\"reference\":{\"map\":\"0123456789abcdef\",\"resolution_A\":20}}", "--reference was not given, now given")]
    [InlineData("{\"focus\":{\"mask\":\"0123456789abcdef\",\"level\":0.3}}", "{\"focus\":null}", "--focus was given, now not given")]
    [InlineData("{\"focus\":{\"mode\":\"fill\",\"level\":0.3}}", "{\"focus\":{\"mode\":\"fill\",\"level\":0.25}}", "--focus-level was 0.3, now 0.25")]
    [InlineData("{\"noise_particles\":300}", "{\"noise_particles\":200}", "noise particles was 300, now 200")]
    [InlineData(
        "{\"particles\":{\"count\":5,\"hash\":\"0123456789abcdef\"}}", "{\"particles\":{\"count\":4,\"hash\":\"0123456789abcdee\"}}",
        "the number of particles was 5, now 4")]
    [InlineData("{\"a\":1}", "{\"a\":1}", "")]
    public void Differences_are_told_by_option(string before, string now, string expected) =>
        Assert.Equal(expected, string.Join("; ", SettingWords.Differences((JsonObject)JsonNode.Parse(before)!, (JsonObject)JsonNode.Parse(now)!)));
}
