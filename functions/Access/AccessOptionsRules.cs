using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Access;

/// <summary>Every text of the options has to name roles.</summary>
internal sealed class AccessOptionsRules : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        List<string> problems = [];
        Check(nameof(options.Anonymous), options.Anonymous);
        Check(nameof(options.FunctionKey), options.FunctionKey ?? "all");
        Check(nameof(options.Entra), options.Entra);
        foreach (var (key, roles) in options.Keys)
        {
            Check($"{nameof(options.Keys)}:{key}", roles);
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

        void Check(string setting, string text)
        {
            if (RoleText.TryRead(text) is null)
            {
                problems.Add($"{AccessOptions.Section}:{setting} is '{text}'; it has to list requester, approver or reader with commas, or say all or none.");
            }
        }
    }
}
