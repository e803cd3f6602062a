using CaptureFlow.Local.Tests.Durable;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace CaptureFlow.Local.Tests;

/// <summary>The runner's entry point, and beside it that of the process which the kill tests kill.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [EngineChild.Command, var database, var journal])
        {
            await EngineChild.RunAsync(database, journal);
            return 0;
        }

        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
