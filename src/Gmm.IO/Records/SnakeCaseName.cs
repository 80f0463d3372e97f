using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gmm.IO;

/// <summary>A choice by its name as records have it: NoSignal is "no_signal".</summary>
internal sealed class SnakeCaseName<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
