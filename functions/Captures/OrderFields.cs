using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>Reads fields of an order's JSON and keeps what is wrong with them.</summary>
internal sealed class OrderFields
{
    private readonly List<CaptureFault> _faults = [];

    public IReadOnlyList<CaptureFault> Faults => _faults;

    public string? ReadText(JsonElement parent, string name, string field)
    {
        if (!TryGet(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Fault(field, $"'{field}' is no text.", "Put it in double quotes.");
        return null;
    }

    public static bool TryGet(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    public void NameUnknown(JsonElement parent, string prefix, params ReadOnlySpan<string> known)
    {
        foreach (var property in parent.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                Fault(prefix + property.Name, $"There is no field '{prefix}{property.Name}'.", $"Known here: {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    public void Fault(string field, string message, string remedy) => _faults.Add(new(FaultCodes.OrderInvalid, message, remedy, field));
}
