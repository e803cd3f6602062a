using System.CommandLine;

namespace CaptureFlow.Local.CommandLine;

internal sealed class DemoCommand
{
    public static Command Build() => new("demo", "x");
}
