using System.Globalization;
using System.Reflection;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The tap and its companions: POSIX sh scripts, each passed as one argument with its parameters as further ones.</summary>
internal static class TapScripts
{
    /// <summary>The filter does not compile.</summary>
    public const int FilterWrong = 64;

    /// <summary>tcpdump cannot capture in this container.</summary>
    public const int CannotCapture = 65;

    /// <summary>tcpdump ended before it listened.</summary>
    public const int NeverListened = 66;

    /// <summary>The container was started after the time that it had for that, by its own clock.</summary>
    public const int TooLate = 67;

    /// <summary>The container runs, and its tap has not begun yet.</summary>
    public const int NotBegun = 3;

    /// <summary>There is no summary yet.</summary>
    public const int Unfinished = 4;

    /// <summary>The image has no gzip.</summary>
    public const int NoCompressor = 5;

    /// <summary>Ended by SIGKILL, as everything is whose container ends.</summary>
    public const int Killed = 137;

    private static readonly string TapText = Load("tap.sh");
    private static readonly string WaitListeningText = Load("wait-listening.sh");
    private static readonly string ObserveText = Load("observe.sh");
    private static readonly string FinishText = Load("finish.sh");
    private static readonly string ReadText = Load("read.sh");
    private static readonly string ReleaseText = Load("release.sh");

    public static string FilePath(string captureId) => $"/tmp/captureflow/{captureId}/capture.pcap";

    public static string[] Tap(TapParameters parameters, IReadOnlyList<string> tcpdump) =>
        Command(TapText, [.. parameters.ToArguments(), .. tcpdump]);

    public static string[] WaitListening(string captureId, TimeSpan cap) => Command(WaitListeningText, captureId, Whole(cap));

    public static string[] Observe(string captureId) => Command(ObserveText, captureId);

    public static string[] Finish(string captureId, bool stopNow, TimeSpan cap) => Command(FinishText, captureId, stopNow ? "1" : "0", Whole(cap));

    public static string[] Read(string captureId, long blocks, bool compressed = false) =>
        Command(ReadText, [captureId, blocks.ToString(CultureInfo.InvariantCulture), .. compressed ? ["gzip"] : (string[])[]]);

    public static string[] Release(string captureId) => Command(ReleaseText, captureId);

    private static string[] Command(string script, params string[] arguments) => ["sh", "-c", script, "captureflow", .. arguments];

    private static string Whole(TimeSpan time) => ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    // Without the comments: the companions travel in the address of a request, the tap in the pod's specification.
    private static string Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"CaptureFlow.Sites.Scripts.{name}")
            ?? throw new InvalidOperationException($"The script {name} is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => !line.TrimStart().StartsWith('#')));
    }
}
