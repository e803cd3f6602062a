using System.Globalization;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>What the blob service's refusals mean. The one place where its exceptions end; nothing of a request (address, headers, signature) is taken over.</summary>
internal sealed class BlobRefusals(BlobStoreOptions options, TimeProvider time)
{
    /// <summary>The service turns requests away whose clock is 15 minutes off; a clock that is a third of that off is wrong in any case.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private const string Kept = "What is staged is kept.";

    /// <summary>Runs a call; what the service refused comes out as <see cref="StoreRefusedException"/> or <see cref="StepUnavailableException"/>.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception refusal) when (IsOurs(refusal, cancellationToken))
        {
            throw Translate(refusal);
        }
    }

    /// <summary>Whether an exception is the service's or its client's, to be given to <see cref="Translate"/>.</summary>
    public static bool IsOurs(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // The client gives up a call that stands still by cancelling it.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RequestFailedException or AuthenticationFailedException or IOException or InvalidDataException or AggregateException => true,
        _ => false,
    };

    /// <summary>A refusal that a user has to mend, or a step that is worth repeating.</summary>
    public Exception Translate(Exception exception) => exception switch
    {
        RequestFailedException failed => Explain(failed) is { } fault
            ? new StoreRefusedException(fault, failed)
            : new StepUnavailableException($"The blob service did not do it: {Words(failed)}", failed),
        InvalidDataException => new StoreRefusedException(
            Fault(
                "The blob service did not confirm the checksum of what it was sent.",
                $"It does not know CRC64 in bodies. For Azurite set {BlobStoreOptions.Section}:Emulator; else see what stands between this machine and the account.",
                exception.Message),
            exception),
        AuthenticationFailedException => new StepUnavailableException(
            $"No identity to sign in to the blob service: {FirstLine(exception.Message)} Set {BlobStoreOptions.Section}:ManagedIdentityClientId, or sign in with 'az login'.", exception),
        OperationCanceledException => new StepUnavailableException("The blob service did not answer in time.", exception),
        _ => new StepUnavailableException($"The blob service could not be reached: {FirstLine(exception.Message)}", exception),
    };

    /// <returns>Null when it is worth repeating.</returns>
    private CaptureFault? Explain(RequestFailedException failed)
    {
        var code = failed.ErrorCode ?? string.Empty;
        return (failed.Status, code) switch
        {
            _ when code == BlobErrorCode.ContainerNotFound || code == BlobErrorCode.ContainerBeingDeleted || code == BlobErrorCode.ContainerDisabled => Fault(
                $"There is no blob container '{options.Container}'.",
                $"Make it (az storage container create --name {options.Container} --auth-mode login), or set {BlobStoreOptions.Section}:Container. {Kept}",
                Words(failed)),
            (401 or 403, _) when Skew(failed) is { } skew => Fault(
                string.Create(CultureInfo.InvariantCulture, $"This machine's clock is {skew.Duration().TotalMinutes:0} minutes {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the blob service's, which therefore refuses it."),
                $"Set the clock of this machine (NTP) and order again. {Kept}",
                Words(failed)),
            (401 or 403, _) => Forbidden(failed, code),
            (409 or 412, _) when code == BlobErrorCode.BlobImmutableDueToPolicy || code.Contains("Immutable", StringComparison.Ordinal) || code.Contains("LegalHold", StringComparison.Ordinal) => Fault(
                "An immutability policy or a legal hold keeps the blob as it is.",
                "Nothing was replaced. Use a container with version-level immutability instead of a policy on the whole container.",
                Words(failed)),
            (409 or 412, _) when code.StartsWith("Lease", StringComparison.Ordinal) => Fault(
                "Somebody else has a lease on the blob.", $"Find who leased it (az storage blob show), and have the lease ended. {Kept}", Words(failed)),
            (409 or 412, _) or (0 or 404 or 408 or 429, _) or ( >= 500, _) => null,
            (400, _) when IsChecksum(failed) => null,
            _ => Fault("The blob service refused.", $"See the detail; docs/operations.md says what the store needs. {Kept}", Words(failed)),
        };
    }

    /// <summary>The service found other bytes than the checksum was made of: the transport's fault, and worth repeating.</summary>
    public static bool IsChecksum(RequestFailedException failed) =>
        failed.Status == 400
        && (failed.ErrorCode is "Md5Mismatch" or "Crc64Mismatch" or "InvalidMd5"
            // Azurite's words for it.
            || failed.Message.Contains("Provided contentMD5 doesn't match", StringComparison.Ordinal));

    private CaptureFault Forbidden(RequestFailedException failed, string code) => Fault(
        "The blob service does not let CaptureFlow in.",
        code switch
        {
            _ when code == BlobErrorCode.AuthorizationFailure || code == BlobErrorCode.AuthorizationSourceIPMismatch =>
                $"The account's network rules leave this app out: allow its subnet or its private endpoint. {Kept}",
            "KeyBasedAuthenticationNotPermitted" => $"The account takes identities only: unset {BlobStoreOptions.Section}:Emulator. {Kept}",
            _ => $"Give the app's identity 'Storage Blob Data Owner' on the container '{options.Container}' (Contributor does where {BlobStoreOptions.Section}:Tags is false), and wait some minutes. {Kept}",
        },
        Words(failed));

    private TimeSpan? Skew(RequestFailedException failed)
    {
        if (failed.GetRawResponse()?.Headers.Date is not { } theirs)
        {
            return null;
        }

        var skew = time.GetUtcNow() - theirs;
        return skew.Duration() > ClockTolerance ? skew : null;
    }

    private static CaptureFault Fault(string message, string remedy, string detail) => new(FaultCodes.StoreRefused, message, remedy, Detail: detail);

    /// <summary>The service's status, code and request id. Its message repeats headers, so only the first line of it is taken.</summary>
    private static string Words(RequestFailedException failed)
    {
        var request = failed.GetRawResponse()?.Headers.RequestId;
        var code = string.IsNullOrEmpty(failed.ErrorCode) ? string.Empty : $" {failed.ErrorCode}";
        return $"{failed.Status}{code}: {FirstLine(failed.Message)}{(request is null ? string.Empty : $" (request {request})")}";
    }

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n', 2)[0].TrimEnd('\r');
}
