using CaptureFlow.Functions.Reaping;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>What the command line tells the shell: one code per outcome, stable across releases.</summary>
internal static class ExitCodes
{
    public const int Complete = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int Refused = 3;
    public const int Failed = 4;
    public const int RevokeUnproven = 5;
    public const int HostUnavailable = 6;
    public const int ProofFailed = 7;
    public const int DoesNotHold = 8;
    public const int Unchecked = 9;
    public const int Empty = 10;
    public const int LimitReached = 11;
    public const int Lossy = 12;
    public const int Partial = 13;
    public const int Undelivered = 14;
    public const int NotDiscarded = 15;
    public const int Cancelled = 130;

    /// <summary>For --help and the docs.</summary>
    public const string Table = """
        Exit codes:
            0  Complete: the whole window is in the file, and the rights are proven gone
            1  an unexpected error; audit: something is overdue
            2  the command line is wrong
            3  refused, denied, or not approved in time: nothing was changed
            4  failed: there is no usable file; the rights are proven gone; analyze, diff: no capture file
            5  the rights could not be proven gone (whatever became of the file)
            6  the host, the server or the cluster could not be reached or started
            7  demo only: the capture is complete, but does not show what it should
            8  verify only: file, manifest and log do not belong together, or one is missing
            9  plan only: nothing is known against it, but not everything could be checked
           10  Empty: no packet matched in the whole window
           11  LimitReached: a packet or byte bound ended the window early
           12  Lossy: packets were dropped inside the window
           13  Partial: only a part of the window or of the file is there; analyze, diff: only a part was looked at
           14  the file is stored, and could not be brought here: captureflow download ID brings it; the rights are proven gone
           15  cancelled and the rights are proven gone, but what had been fetched is not discarded yet
          130  cancelled: the rights are proven gone, nothing is kept
        """;

    /// <summary>Of a capture that ended. Rights that may still be there outweigh everything else.</summary>
    public static int Of(CaptureState state, Verdict? verdict, bool proven) => state switch
    {
        CaptureState.Refused or CaptureState.Denied or CaptureState.Expired => Refused,
        CaptureState.RevokeUnproven => RevokeUnproven,
        CaptureState.Cancelled => Cancelled,
        CaptureState.NotDiscarded => NotDiscarded,
        CaptureState.Completed => !proven ? RevokeUnproven : verdict is { } known ? Of(known) : Failed,
        CaptureState.Failed => Failed,
        CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued or CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing
            or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing or CaptureState.Cancelling or CaptureState.Revoking => Failed,
    };

    /// <summary>Of an audit. What is overdue has the number of an unexpected error on purpose: to a monitor, both mean "look".</summary>
    public static int Of(AuditState audit) => audit switch
    {
        AuditState.Overdue => Unexpected,
        AuditState.Unknown => HostUnavailable,
        AuditState.None or AuditState.Live => Complete,
    };

    private static int Of(Verdict verdict) => verdict switch
    {
        Verdict.Complete => Complete,
        Verdict.Empty => Empty,
        Verdict.LimitReached => LimitReached,
        Verdict.Lossy => Lossy,
        Verdict.Partial => Partial,
        Verdict.Failed => Failed,
    };
}
