namespace CaptureFlow.Sandbox.Api;

/// <summary>One cause of a 422, in the form of Kubernetes' field errors.</summary>
internal sealed record FieldFault(string Field, string Reason, string Message)
{
    internal static FieldFault Invalid(string field, string value, string why) =>
        new(field, "FieldValueInvalid", $"Invalid value: {value}: {why}");

    internal static FieldFault Required(string field, string why = "") =>
        new(field, "FieldValueRequired", why.Length == 0 ? "Required value" : $"Required value: {why}");

    internal static FieldFault Duplicate(string field, string value) =>
        new(field, "FieldValueDuplicate", $"Duplicate value: \"{value}\"");

    internal static FieldFault NotFound(string field, string value) =>
        new(field, "FieldValueNotFound", $"Not found: \"{value}\"");

    internal static FieldFault Forbidden(string field, string why) => new(field, "FieldValueForbidden", $"Forbidden: {why}");

    public override string ToString() => $"{Field}: {Message}";
}
