using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// A pod whose one container makes numbered, paced HTTP requests to an application on its own loopback, for ever, and logs the time of each:
/// so that a test can say which ones fell inside a window.
/// </summary>
internal sealed partial class PacedLoad : IAsyncDisposable
{
    // Plain bash, so that a request costs no process: a paced loop stays paced on a busy machine.
    private const string Script = """
        i=0
        exec 9<> <(:)
        until exec 3<>/dev/tcp/127.0.0.1/8080; do sleep 0.1; done 2>/dev/null
        exec 3>&-
        while :; do
          i=$((i + 1)); before=$EPOCHREALTIME
          exec 3<>/dev/tcp/127.0.0.1/8080
          printf 'GET /order/%s HTTP/1.1\r\nHost: web\r\n\r\n' "$i" >&3
          while read -r line <&3 && [ "$line" != $'\r' ]; do :; done
          read -r line <&3
          exec 3>&-
          echo "$i $before $EPOCHREALTIME"
          read -rt 0.005 -u 9
        done
        """;

    private readonly Kubernetes _admin;

    private PacedLoad(Kubernetes admin, string name)
    {
        _admin = admin;
        Name = name;
    }

    public string Name { get; }

    public static async Task<PacedLoad> StartAsync(Sandbox sandbox, string name)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "shop" },
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                Containers =
                [
                    new V1Container { Name = "app", Image = "captureflow.local/app:1" },
                    new V1Container { Name = "load", Image = "nicolaka/netshoot:v0.13", Command = ["bash", "-c", Script] },
                ],
            },
        };
        await sandbox.Admin.CoreV1.CreateNamespacedPodAsync(pod, "shop");
        var load = new PacedLoad(sandbox.Admin, name);
        await Until.FoundAsync("the load has begun", Until.Patience, async () => (await load.RequestsAsync()).Count > 0 ? load : null);
        return load;
    }

    /// <summary>The requests so far: number, when it began and when its answer was read to the end, UTC.</summary>
    public async Task<IReadOnlyList<(int Number, DateTimeOffset Began, DateTimeOffset Ended)>> RequestsAsync()
    {
        try
        {
            await using var log = await _admin.CoreV1.ReadNamespacedPodLogAsync(Name, "shop", container: "load");
            using var reader = new StreamReader(log);
            var text = await reader.ReadToEndAsync();
            return [.. LogLine().Matches(text).Select(m => (int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), Time(m.Groups[2]), Time(m.Groups[3])))];
        }
        catch (k8s.Autorest.HttpOperationException e) when ((int)e.Response.StatusCode is 400 or 404)
        {
            return [];
        }
    }

    /// <summary>The numbers of the requests that a capture file holds in plaintext.</summary>
    public static HashSet<int> NumbersIn(byte[] file) =>
        [.. RequestLine().Matches(Encoding.Latin1.GetString(file)).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    public async ValueTask DisposeAsync() => await _admin.CoreV1.DeleteNamespacedPodAsync(Name, "shop", gracePeriodSeconds: 0);

    private static DateTimeOffset Time(Group seconds) =>
        DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(double.Parse(seconds.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(\d+) (\d+\.\d+) (\d+\.\d+)$", RegexOptions.Multiline)]
    private static partial Regex LogLine();

    [GeneratedRegex(@"GET /order/(\d+) HTTP")]
    private static partial Regex RequestLine();
}
