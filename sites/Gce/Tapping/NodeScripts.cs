using System.Globalization;
using System.Reflection;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// What runs on the node: the very tap that runs in pods, started in the toolbox, and its companions. Each is one word to <c>sh -c</c>, with its
/// parameters as further words.
/// </summary>
internal static class NodeScripts
{
    public const int NoToolbox = 70;
    public const int NoRoom = 71;
    public const int Foreign = 72;
    public const int NoTcpdump = 73;
    public const int Busy = 74;
    public const int NoTap = 3;
    public const int Unfinished = 4;
    public const int DiskFull = 6;

    // How the argument to tcpdump's -w begins in the toolbox: there, the node's / is another folder.
    private const string ToolboxFile = "/media/root";

    private static readonly string Tap = KubernetesTap();

    public static string FilePath(string captureId) => TapScripts.FilePath(captureId);

    public static IReadOnlyList<string> Launch(CapturePlan plan, DateTimeOffset expiresAt, GceOptions options)
    {
        var id = plan.Order.CaptureId;
        var before = Load("enter.sh") + (options.InstallTcpdump ? Load("install.sh") : string.Empty);
        var parameters = TapParameters.Of(plan.Order, new TapOptions { Linger = options.Linger });
        return Command(
            Load("launch.sh"),
            [
                id,
                Number((plan.ByteBound + options.FreeBytes) / 1024),
                Rfc3339.Write(expiresAt),
                Load("supervise.sh"),
                before + Tap,
                .. parameters.ToArguments(),
                .. InToolbox(plan.Arguments, id),
            ]);
    }

    public static IReadOnlyList<string> Wait(string captureId, TimeSpan cap) => Command(Load("wait.sh"), [captureId, Whole(cap)]);

    public static IReadOnlyList<string> Observe(string captureId) => Command(Load("observe.sh"), [captureId]);

    public static IReadOnlyList<string> Finish(string captureId, bool stopNow, TimeSpan cap) => Command(Load("finish.sh"), [captureId, stopNow ? "1" : "0", Whole(cap)]);

    public static IReadOnlyList<string> Release(string captureId, TimeSpan cap) => Command(Load("release.sh"), [captureId, Whole(cap)]);

    // The plan says what is done; where the file is, as the toolbox sees it, is this method's own business.
    private static IEnumerable<string> InToolbox(IReadOnlyList<string> arguments, string captureId) =>
        arguments.Select((argument, i) => i > 0 && arguments[i - 1] == "-w" ? ToolboxFile + FilePath(captureId) : argument);

    private static string[] Command(string script, string[] arguments) => ["sh", "-c", script, "captureflow", .. arguments];

    private static string Whole(TimeSpan time) => Number((long)Math.Ceiling(time.TotalSeconds));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string KubernetesTap() => Read(typeof(ICaptureMethod).Assembly, "CaptureFlow.Sites.Scripts.tap.sh");

    private static string Load(string name) => Read(Assembly.GetExecutingAssembly(), $"CaptureFlow.Sites.Gce.Scripts.{name}");

    private static string Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The script {resource} is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => !line.TrimStart().StartsWith('#')));
    }
}
