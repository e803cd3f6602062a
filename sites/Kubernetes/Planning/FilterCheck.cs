using System.ComponentModel;
using System.Diagnostics;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Compiles a filter with this host's tcpdump, where there is one, over an empty capture of the link type that `-i any` has. Only advance
/// notice: the tap compiles it again where it counts.
/// </summary>
/// <param name="time">Bounds the asking.</param>
/// <param name="program">tcpdump.</param>
internal sealed class FilterCheck(TimeProvider time, string program = "tcpdump")
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);

    // A pcap header: little-endian, version 2.4, snap length 262144, link type 276 (LINUX_SLL2).
    private static readonly byte[] EmptyCapture =
        [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0x14, 1, 0, 0];

    /// <summary>Whether tcpdump compiles it, as far as it can be asked.</summary>
    public async Task<FilterLook> LookAsync(string filter, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-r", "-", "-d", "--", filter])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return new(null, "there is no tcpdump on CaptureFlow's host");
        }

        using var cap = new CancellationTokenSource(Cap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, either.Token);
            await FeedAsync(process, either.Token);
            await process.WaitForExitAsync(either.Token);
            await output;
            var text = await errors;
            return process.ExitCode == 0 ? FilterLook.Compiled : new(Complaint(text), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"tcpdump on CaptureFlow's host gave no answer within {Cap.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task FeedAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(EmptyCapture, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It refused the filter before it read anything.
        }
    }

    private static string Complaint(string errors) =>
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line.StartsWith("tcpdump:", StringComparison.Ordinal)) ?? "tcpdump refused the filter";
}
