using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>The pods that the tests on a real cluster capture in. Their application needs sh and busybox's httpd and wget.</summary>
internal static partial class RealPods
{
    private const string Serve = "exec httpd -f -p 8080 -h /etc";

    /// <summary>A web server that nobody asks anything.</summary>
    public static V1Pod Web(string name) => Of(name, Serve);

    /// <summary>A web server that asks itself something five times a second.</summary>
    public static V1Pod Busy(string name) => Of(name, "httpd -f -p 8080 -h /etc & while :; do wget -q -O /dev/null http://127.0.0.1:8080/hostname; sleep 0.2; done");

    /// <summary>The same as a restricted namespace would have it: not root, nothing to write on, no capability.</summary>
    public static V1Pod Restricted(string name)
    {
        var pod = Busy(name);
        pod.Spec.SecurityContext = new() { RunAsNonRoot = true, RunAsUser = 1000 };
        pod.Spec.Containers[0].SecurityContext = new()
        {
            RunAsNonRoot = true, RunAsUser = 1000, AllowPrivilegeEscalation = false, ReadOnlyRootFilesystem = true, Capabilities = new() { Drop = ["ALL"] },
        };
        return pod;
    }

    /// <summary>Makes so many numbered, paced requests to a web server, and ends.</summary>
    public static V1Pod Client(string name, V1Pod web, int requests)
    {
        var url = $"http://{web.Status.PodIP}:8080/hostname";
        return Of(name, $"until wget -q -O /dev/null {url}; do sleep 0.1; done; i=0; while [ $i -lt {requests} ]; do i=$((i + 1)); wget -q -O /dev/null \"{url}?n=$i=\" || exit 1; sleep 0.01; done");
    }

    /// <summary>Does nothing, in the tap's image, which has python3: a flood is started in it with <see cref="FloodLine"/>.</summary>
    public static V1Pod Idle(string name)
    {
        var pod = Of(name, "sleep 3600 & wait");
        pod.Spec.Containers[0].Image = RealCluster.TapImage;
        return pod;
    }

    /// <summary>A shell line that sends at least so many bytes over loopback, in the largest datagrams, and ends. Nothing listens.</summary>
    public static string FloodLine(long bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"exec python3 -c 'import os, socket, time\ns, d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), os.urandom(60000)\nfor i in range({(bytes / 60_000) + 1}):\n s.sendto(d, (\"127.0.0.1\", 9)); time.sleep(0.0002)'");

    /// <summary>The numbers of the client's requests that a capture file holds in plaintext.</summary>
    public static HashSet<int> NumbersIn(byte[] file) =>
        [.. RequestLine().Matches(Encoding.Latin1.GetString(file)).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    private static V1Pod Of(string name, string script) => new()
    {
        Metadata = new() { Name = name },
        Spec = new()
        {
            Containers = [new V1Container { Name = "app", Image = RealCluster.AppImage, ImagePullPolicy = "IfNotPresent", Command = ["sh", "-c", script] }],
            RestartPolicy = "Never",
            TerminationGracePeriodSeconds = 1,
        },
    };

    [GeneratedRegex(@"GET /hostname\?n=(\d+)= ")]
    private static partial Regex RequestLine();
}
