using System.Runtime.InteropServices;
using System.Text;

namespace CaptureFlow.Local.CommandLine;

/// <summary>This process's standard output and error, which nothing that happens to them can turn into an exception.</summary>
internal sealed partial class StandardStreams
{
    private const int Output = 1;
    private const short Gone = 0x8 | 0x10;
    private readonly SteadyWriter _output;

    private StandardStreams(SteadyWriter output) => _output = output;

    /// <summary>True when what was written to standard output has not all arrived.</summary>
    public bool OutputIsLost => _output.IsLost;

    /// <summary>Puts them in the place of <see cref="Console.Out"/> and <see cref="Console.Error"/>.</summary>
    /// <param name="outputLost">Called once, when nobody reads standard output any more. An error stream that is gone is no reason to end.</param>
    public static StandardStreams Install(Action outputLost)
    {
        // Without a byte order mark, which a writer would put first.
        var encoding = Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding;
        SteadyWriter output = new(Console.OpenStandardOutput(), encoding, () => HasNoReader(Output), outputLost);
        Console.SetOut(output);
        Console.SetError(new SteadyWriter(Console.OpenStandardError(), encoding, () => false, () => { }));
        return new(output);
    }

    /// <summary>Whether the other end of a pipe or terminal is closed; of a file never.</summary>
    private static bool HasNoReader(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        Asked asked = new() { Descriptor = descriptor };
        return Poll(ref asked, 1, 0) > 0 && (asked.Found & Gone) != 0;
    }

    // struct pollfd of poll(2), the same on Linux and macOS; POLLERR and POLLHUP are found without being asked for.
    private struct Asked
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Asked asked, nuint count, int milliseconds);
}
