using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>What one annotation cannot say.</summary>
internal sealed class BlobStoreOptionsRules : IValidateOptions<BlobStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, BlobStoreOptions options)
    {
        List<string> problems = [];
        if (options.ServiceUri is { } uri)
        {
            CheckAddress(uri, options.Emulator, problems);
        }

        if (options.LockImmutability && options.ImmutableDays == 0)
        {
            problems.Add($"{BlobStoreOptions.Section}:LockImmutability needs ImmutableDays.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckAddress(Uri uri, bool emulator, List<string> problems)
    {
        // The value itself is not repeated: somebody may have pasted a SAS.
        const string Address = BlobStoreOptions.Section + ":ServiceUri";
        if (!uri.IsAbsoluteUri)
        {
            problems.Add($"{Address} is no absolute address.");
            return;
        }

        if (uri.Query.Length > 0 || uri.UserInfo.Length > 0)
        {
            problems.Add($"{Address} holds a signature or a password. Remove it: the store signs in by managed identity.");
        }

        if (emulator && !uri.IsLoopback)
        {
            problems.Add($"{BlobStoreOptions.Section}:Emulator is for Azurite on this machine, and {Address} is not loopback.");
        }

        if (!emulator && uri.Scheme != Uri.UriSchemeHttps)
        {
            problems.Add($"{Address} has to begin with https://.");
        }
    }
}
