using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a failed request means. Pure: the one place where the client's exceptions are understood.</summary>
internal static partial class ClusterErrors
{
    private const int MostWords = 1_000;

    /// <summary>Reads an exception of the client; null when it is none of the client's.</summary>
    public static ClusterFailure? Read(Exception exception) => exception switch
    {
        HttpOperationException { Response: { } response } => Answered(response),
        KubernetesException { Status: { } status } => Answered(status.Code ?? 500, status),
        HttpOperationException or KubernetesException => ClusterFailure.Unreached(exception.Message),
        // WebSockets wrap it once more.
        HttpRequestException or WebSocketException when Untrusted(exception) is { } words =>
            new(ClusterRefusalException.NoConnection, ClusterRefusalException.CertificateRefused, words, Refused: true),
        WebSocketException handshake when RefusedUpgrade().Match(handshake.Message) is { Success: true } match =>
            Answered(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), null, handshake.Message),
        HttpRequestException or WebSocketException or IOException or TimeoutException => ClusterFailure.Unreached(Deepest(exception).Message),
        OperationCanceledException => ClusterFailure.Unreached("no answer in time"),
        JsonException => ClusterFailure.Unreached("the answer was cut or is no JSON"),
        _ => null,
    };

    /// <summary>The fault that a refusal is when no step expected it.</summary>
    public static CaptureFault ToFault(ClusterRefusalException refusal) => AdmissionRefusal.TryRead(refusal.Words, refusal.Message) ?? refusal switch
    {
        { Status: ClusterRefusalException.NoConnection, Reason: ClusterRefusalException.NoKubeConfig } => new(
            FaultCodes.ClusterUnavailable,
            "The cluster's configuration cannot be read.",
            $"Name a kubeconfig that works with kubectl: --kubeconfig and --context, or {ClusterOptions.Section}:KubeConfig and :Context in the configuration.",
            Detail: refusal.Words),
        { Status: ClusterRefusalException.NoConnection, Reason: ClusterRefusalException.NoToken } => new(
            FaultCodes.CredentialsFailed,
            "CaptureFlow gets no token for the cluster.",
            "Mend the identity that the detail names: its Credential in the cluster's entry, its client id or file, and that it may be used on this machine.",
            Detail: refusal.Words),
        { Status: ClusterRefusalException.NoConnection } => new(
            FaultCodes.CertificateUntrusted,
            "The API server's certificate is not trusted.",
            "Put the cluster's certificate authority into the kubeconfig or the cluster's entry, and address the server by a name in its certificate; certificates are always checked.",
            Detail: refusal.Words),
        { Status: 401 } => new(
            FaultCodes.ClusterRefused,
            "The API server does not accept CaptureFlow's credentials.",
            "Renew them: `kubectl --context … auth can-i --list` with the same kubeconfig must answer.",
            Detail: refusal.Message),
        { Status: 403 } => Forbidden(refusal.Words, refusal.Message),
        _ => new(
            FaultCodes.ClusterRefused,
            "The API server refused a request.",
            "Its own words are in the detail.",
            Detail: refusal.Message),
    };

    /// <summary>A 403 is either a missing right, which RBAC words in one fixed way, or an admission policy's no.</summary>
    public static CaptureFault Forbidden(string words, string detail) => IsMissingRight(words)
        ? new(FaultCodes.RightMissing, "A right is missing.", "Apply infra/kubernetes, or grant what the detail names.", Detail: detail)
        : new(
            FaultCodes.AdmissionRefused,
            "An admission policy of the cluster refuses the capture's container.",
            "Exempt the container that the detail speaks of, or capture in a namespace whose policy allows NET_RAW.",
            Detail: detail);

    public static bool IsMissingRight(string words) =>
        words.Contains(" cannot ", StringComparison.Ordinal) && words.Contains(" resource \"", StringComparison.Ordinal);

    private static ClusterFailure Answered(HttpResponseMessageWrapper response)
    {
        var status = TryReadStatus(response.Content);
        var asked = RetryAfter(response);
        return Answered((int)response.StatusCode, status, response.Content) with
        {
            RetryAfter = asked?.Delta ?? (asked is null && status?.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null),
            RetryAt = asked?.Date,
        };
    }

    private static ClusterFailure Answered(int code, V1Status? status, string? body = null)
    {
        var words = Shorten(status?.Message ?? body ?? string.Empty);
        var reason = status?.Reason is { Length: > 0 } said ? said : ((HttpStatusCode)code).ToString();
        // An upgrade that broke off is asked about with a plain GET, which says only that an upgrade was needed.
        var handshake = code == 400 && words.Contains("Upgrade request required", StringComparison.OrdinalIgnoreCase);
        return new(code, reason, words, Refused: code is >= 400 and < 500 and not (408 or 429) && !handshake && !IsRace(code, reason, words));
    }

    // Somebody else changed the pod, or a resource quota, between the server's look and its write: the same request goes through a moment later. Other
    // conflicts are of a uid or a version that was asked for, and stay.
    private static bool IsRace(int code, string reason, string words) =>
        code == 409 && reason == "Conflict" && words.Contains("the object has been modified", StringComparison.Ordinal);

    private static V1Status? TryReadStatus(string? body)
    {
        if (body is null || !body.StartsWith('{'))
        {
            return null;
        }

        try
        {
            return KubernetesJson.Deserialize<V1Status>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Seconds or an HTTP date.
    private static RetryConditionHeaderValue? RetryAfter(HttpResponseMessageWrapper response) =>
        response.Headers?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault() is { } value
        && RetryConditionHeaderValue.TryParse(value, out var read)
            ? read
            : null;

    // A refused upgrade reaches the caller as text alone: the client keeps the status code to itself.
    [GeneratedRegex("status code '([0-9]{3})' when")]
    private static partial Regex RefusedUpgrade();

    private static string? Untrusted(Exception exception) => exception.InnerException switch
    {
        System.Security.Authentication.AuthenticationException inner => inner.Message,
        { } inner => Untrusted(inner),
        null => null,
    };

    private static Exception Deepest(Exception exception) => exception.InnerException is { } inner ? Deepest(inner) : exception;

    private static string Shorten(string text) => text.Length <= MostWords ? text : string.Concat(text.AsSpan(0, MostWords), "…");
}
