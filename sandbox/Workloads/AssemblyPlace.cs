using System.Runtime.InteropServices;

namespace CaptureFlow.Sandbox.Workloads;

/// <summary>Where this assembly and the runtime that runs it are, so that a container can start the same program.</summary>
internal static class AssemblyPlace
{
    internal const string Name = "captureflow-sandbox.dll";

    internal static string Folder => Path.GetDirectoryName(typeof(AssemblyPlace).Assembly.Location)!;

    /// <summary>The folder that holds the <c>dotnet</c> command: three above the shared framework in use.</summary>
    internal static string RuntimeFolder => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}
