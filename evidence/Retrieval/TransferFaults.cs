using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>What can go wrong with a transfer, in words.</summary>
internal static class TransferFaults
{
    private const string KeptRemedy = "What arrived is kept. Take the capture again; a smaller snap length or a narrower filter makes a smaller file.";

    public static CaptureFault Cut(long at, string detail) =>
        new(FaultCodes.TransferCut, $"The transfer was cut at byte {at}.", KeptRemedy, Detail: detail);

    public static CaptureFault Stalled(long at, TimeSpan time) =>
        new(FaultCodes.TransferCut, string.Create(CultureInfo.InvariantCulture, $"The transfer stood still at byte {at} for {time.TotalSeconds:0.#} s."), KeptRemedy);

    public static CaptureFault EndedEarly(long at, long of) =>
        new(FaultCodes.TransferCut, $"The transfer ended at byte {at} of {of}, again and again.", KeptRemedy);

    public static CaptureFault NoAccount(long bytes, string? unread) => new(
        FaultCodes.CaptureUnfinished,
        $"{bytes} bytes were fetched to the file's end, but there is no account of the tap to check them against.",
        "What was fetched is kept. Take the capture again if it has to be whole.",
        Detail: unread);

    public static CaptureFault Mismatch(TapSummary? tapped, long bytes, bool overran) => new(
        FaultCodes.FileMismatch,
        (tapped, overran) switch
        {
            (null, _) => $"The file has more than the {bytes} bytes that the plan bounds it to.",
            (_, true) => $"The file goes on behind byte {bytes}, where it has to end.",
            _ => $"{bytes} bytes were fetched twice, and their SHA-256 is not the one taken in the container.",
        },
        "What was fetched is kept. Something in the pod changed the file or its account: look at what else runs in it, and take the capture again.");
}
