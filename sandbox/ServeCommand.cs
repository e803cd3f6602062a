using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox;

/// <summary><c>captureflow-sandbox serve</c>: one cluster until it is told to end.</summary>
internal static class ServeCommand
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int MachineLacks = 3;

    internal static int Usage()
    {
        Console.Error.WriteLine(
            "usage: captureflow-sandbox serve [--scenario shop|empty] [--orders-per-second N] [--apply FILE|FOLDER]... [--folder DIR] [--port N] [--user NAME] [--until-stdin-closes]");
        return WrongUsage;
    }

    internal static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (TryParse(args) is not var (options, untilStdinCloses))
        {
            return Usage();
        }

        if (Requirements.Fault() is { } fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return MachineLacks;
        }

        using var ending = new CancellationTokenSource();
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

        // A terminal's Ctrl-C goes to the parent as well: with a parent that holds stdin, the parent decides when the cluster ends.
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, untilStdinCloses ? Ignore : End);
        if (untilStdinCloses)
        {
            _ = EndWithStdinAsync(ending);
        }

        try
        {
            await using var cluster = await SandboxCluster.StartAsync(options, ending.Token);
            Console.WriteLine(Ready(cluster));
            await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Failed;
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }

        static void Ignore(PosixSignalContext context) => context.Cancel = true;
    }

    private static string Ready(SandboxCluster cluster) => new JsonObject
    {
        ["ready"] = true,
        ["server"] = cluster.Server,
        ["folder"] = cluster.Folder,
        ["pid"] = Environment.ProcessId,
        ["node"] = cluster.NodeProcessId,
    }.ToText();

    private static async Task EndWithStdinAsync(CancellationTokenSource ending)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (await input.ReadAsync(buffer) > 0)
        {
            // What is written does not matter, only that the pipe is open.
        }

        await ending.CancelAsync();
    }

    private static (SandboxOptions Options, bool UntilStdinCloses)? TryParse(IReadOnlyList<string> args)
    {
        var (options, until) = (new SandboxOptions(), false);
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--until-stdin-closes")
            {
                until = true;
                continue;
            }

            if (i + 1 == args.Count)
            {
                return null;
            }

            var value = args[++i];
            SandboxOptions? next = args[i - 1] switch
            {
                "--scenario" => options with { Scenario = value },
                "--apply" => options with { Manifests = [.. options.Manifests, value] },
                "--folder" => options with { Folder = Path.GetFullPath(value) },
                "--orders-per-second" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var pace) && pace > 0 => options with { OrdersPerSecond = pace },
                "--user" => options with { CaptureFlowUser = value },
                "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) => options with { Port = port },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return (options, until);
    }
}
