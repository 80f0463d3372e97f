using System.Text.Json.Nodes;

namespace Gmm.IO.Tests;

public class PartJsonTests
{
    [Theory]
    [InlineData("levenberg-marquardt", """{"name":"levenberg-marquardt","settings":{}}""")]
    [InlineData("fourier(padding 1.5, corners kept)", """{"name":"fourier","settings":{"padding":1.5,"corners":"kept"}}""")]
    [InlineData("anchors(amplitudes, hidden 32 64)", """{"name":"anchors","settings":{"amplitudes":true,"hidden":[32,64]}}""")]
    [InlineData("mine(rate 1e-3, id 007, n -2)", """{"name":"mine","settings":{"rate":1e-3,"id":"007","n":-2}}""")]
    [InlineData("halving(3)", """{"name":"halving","settings":{"3":true}}""")]
    [InlineData("a(b) on torch-cpu", """{"name":"a(b) on torch-cpu","settings":{}}""")]
    [InlineData("a(b 1, b 2)", """{"name":"a(b 1, b 2)","settings":{}}""")]
    [InlineData("()", """{"name":"()","settings":{}}""")]
    [InlineData("a()", """{"name":"a","settings":{"":true}}""")]
    [InlineData("a(b  c)", """{"name":"a","settings":{"b":["","c"]}}""")]
    public void A_name_is_an_object_and_comes_back(string name, string json)
    {
        var node = PartJson.Of(name);
        Assert.Equal(json, node.ToJsonString());
        Assert.Equal(name, PartJson.Text(JsonNode.Parse(json)!.AsObject()));
    }

    [Theory]
    [InlineData("""{"name":1,"settings":{}}""")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"name":"a","settings":{},"more":1}""")]
    public void Another_object_is_no_name(string json) => Assert.Null(PartJson.Text(JsonNode.Parse(json)!.AsObject()));
}
