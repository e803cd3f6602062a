using System.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The argument that names a capture: what cannot be an id is refused before anybody is asked.</summary>
internal static class CaptureIdArgument
{
    public static Argument<string> Create()
    {
        Argument<string> id = new("ID") { Description = "The capture's id" };
        id.Validators.Add(r =>
        {
            if (r.Tokens is [var token] && !CaptureIds.IsValid(token.Value))
            {
                r.AddError($"'{token.Value}' is not the id of a capture, like {CaptureIds.Prefix}0123456789abcdef.");
            }
        });
        return id;
    }
}
