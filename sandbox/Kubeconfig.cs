using System.Text;

namespace CaptureFlow.Sandbox;

/// <summary>Writes kubeconfig files that only their owner can read.</summary>
internal sealed class Kubeconfig(string server, string authority)
{
    internal static string Token(string token) => $"token: {token}";

    internal static string Certificate(string certificate, string key) =>
        $"client-certificate-data: {Encode(certificate)}\n    client-key-data: {Encode(key)}";

    internal void Write(string path, string user, string credentials)
    {
        var text = $"""
            apiVersion: v1
            kind: Config
            current-context: sandbox
            clusters:
            - name: sandbox
              cluster:
                server: {server}
                certificate-authority-data: {Encode(authority)}
            users:
            - name: {user}
              user:
                {credentials}
            contexts:
            - name: sandbox
              context:
                cluster: sandbox
                user: {user}
                namespace: default

            """;
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
