using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Access;

/// <summary>Every text of the options has to name roles, and every key has to tell somebody apart.</summary>
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

        CheckKeys(options, problems);
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

        void Check(string setting, string text)
        {
            if (RoleText.TryRead(text) is null)
            {
                problems.Add($"{AccessOptions.Section}:{setting} is '{text}'; it has to list requester, approver or reader with commas, or say all or none.");
            }
        }
    }

    private static void CheckKeys(AccessOptions options, List<string> problems)
    {
        var read = ApiKeys.ReadAll(options).ToList();
        problems.AddRange(read.Select(it => it.Problem).OfType<string>());
        foreach (var twins in read.Select(it => it.Key).OfType<ApiKey>().GroupBy(key => Convert.ToHexString(key.Hash)).Where(same => same.Select(key => key.Name).Distinct().Count() > 1))
        {
            problems.Add(
                $"{string.Join(" and ", twins.Select(key => key.Name ?? "a key without a name").Distinct())} have the same key, so that nobody could tell who is asking. "
                + "Give each a key of its own.");
        }
    }
}
