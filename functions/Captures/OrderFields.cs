using System.Text.Json;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>Reads fields of an order's JSON and keeps what is wrong with them.</summary>
internal sealed class OrderFields
{
    /// <summary>Longest text of an order, characters: the longest filter. What is longer is not repeated to whoever sent it.</summary>
    private const int LongestText = CaptureCeilings.FilterLength;

    private const int MostUnknown = 20;

    private readonly List<CaptureFault> _faults = [];

    public IReadOnlyList<CaptureFault> Faults => _faults;

    public string? ReadText(JsonElement parent, string name, string field)
    {
        if (!TryGet(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Fault(field, $"'{field}' is no text.", "Put it in double quotes.");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length <= LongestText)
        {
            return text;
        }

        Fault(field, $"'{field}' has {text.Length} characters.", $"Write at most {LongestText}.");
        return null;
    }

    public static bool TryGet(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A whole number, however it is written: 256, 256.0 and 2.56e2 are one number in JSON.</summary>
    public static bool TryGetWhole(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        if (value.TryGetInt64(out number))
        {
            return true;
        }

        if (!value.TryGetDecimal(out var written) || written != decimal.Truncate(written) || written is < long.MinValue or > long.MaxValue)
        {
            return false;
        }

        number = (long)written;
        return true;
    }

    public void NameUnknown(JsonElement parent, string prefix, params ReadOnlySpan<string> known)
    {
        var unknown = 0;
        foreach (var property in parent.EnumerateObject())
        {
            if (!known.Contains(property.Name) && unknown++ < MostUnknown)
            {
                var field = prefix + Echo.Of(property.Name);
                Fault(field, $"There is no field '{field}'.", $"Known here: {string.Join(", ", known.ToArray())}.");
            }
        }

        if (unknown > MostUnknown)
        {
            Fault(prefix + "…", $"There are {unknown - MostUnknown} more fields that are unknown.", $"Known here: {string.Join(", ", known.ToArray())}.");
        }
    }

    public void Fault(string field, string message, string remedy) => _faults.Add(new(FaultCodes.OrderInvalid, message, remedy, field));
}
