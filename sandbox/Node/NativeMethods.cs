using System.Runtime.InteropServices;

namespace CaptureFlow.Sandbox.Node;

internal static partial class NativeMethods
{
    internal const int Terminate = 15;
    internal const int Kill = 9;

    /// <summary>Sends a signal; a process that is gone already is no fault.</summary>
    internal static void Signal(int process, int signal) => _ = SendSignal(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
