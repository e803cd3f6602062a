using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>What the options must be among each other; reports every problem at once.</summary>
internal sealed class GceRules : IValidateOptions<GceOptions>
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(7);

    public ValidateOptionsResult Validate(string? name, GceOptions options)
    {
        var problems = Check(options).Select(problem => $"{GceOptions.Section}:{problem}").ToList();
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Check(GceOptions options)
    {
        if (options.LoginWithin + options.ToolboxAllowance > LongestStart)
        {
            yield return $"ToolboxAllowance: with LoginWithin it is over {LongestStart.TotalMinutes:0} minutes, and an activity ends after 8; shorten one of them.";
        }

        foreach (var project in options.Projects.Where(p => NodeInstance.TryRead($"gce://{p}/zone/name") is null))
        {
            yield return $"Projects: '{project}' is no project id; write it as `gcloud projects list` does.";
        }

        if (options.Roles.Count > 0 && options.Member?.Contains(':', StringComparison.Ordinal) != true)
        {
            yield return "Member: the roles need somebody to be granted to; write serviceAccount:EMAIL of CaptureFlow's own identity.";
        }

        foreach (var role in options.Roles.Where(r => !r.Contains("roles/", StringComparison.Ordinal)))
        {
            yield return $"Roles: '{role}' is no role; write roles/NAME or projects/PROJECT/roles/NAME.";
        }

        // Tunnels and service accounts have IAM policies of their own; an instance's takes none of their roles.
        foreach (var role in options.Roles.Where(r => r.StartsWith("roles/iap.", StringComparison.Ordinal) || r.StartsWith("roles/iam.", StringComparison.Ordinal)))
        {
            yield return $"Roles: '{role}' cannot be granted on an instance; grant it once where it belongs, as docs/node-captures-gke.md says.";
        }

        if (options.HostKeys == HostKeySource.Pinned && options.PinnedHostKeys.Count == 0)
        {
            yield return "PinnedHostKeys: there is none; pin each node's key, or set HostKeys to GuestAttributes.";
        }

        foreach (var (instance, key) in options.PinnedHostKeys.Where(pin => TrustedHostKey.TryRead(pin.Value) is null))
        {
            yield return $"PinnedHostKeys:{instance}: '{key}' is no host key; write it as ssh-keyscan prints it (ssh-ed25519 AAAA…) or as SHA256:….";
        }

        var credentials = ClusterKinds.Credentials(ClusterKinds.Gke);
        if (options.Credential is { } credential && !credentials.Contains(credential))
        {
            yield return $"Credential: '{credential}' is none; write one of {string.Join(", ", credentials)}.";
        }

        if (options.Credential == ClusterKinds.ServiceAccount && options.CredentialFile is null)
        {
            yield return "CredentialFile: serviceAccount needs the account's key file; name it, or use applicationDefault.";
        }

        if (options.CredentialFile is { } file && !File.Exists(file))
        {
            yield return $"CredentialFile: there is no file {file}; name one that CaptureFlow can read.";
        }
    }
}
