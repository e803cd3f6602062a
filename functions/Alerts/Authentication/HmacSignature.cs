using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>HMAC-SHA256 over the raw body, as PagerDuty (a list of <c>v1=HEX</c>) and Grafana (bare hex, with a signed time where one is set) send it.</summary>
internal static class HmacSignature
{
    /// <summary>How far a signed time may be from ours, either way.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>A sender in rotation sends two.</summary>
    private const int MostSignatures = 8;

    public static bool Holds(AlertAuthenticationOptions options, HttpRequest request, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var (prefix, inTime) = Timestamp(options, request, now);
        var presented = Presented(options, request);
        var holds = false;
        foreach (var secret in options.Secrets)
        {
            var expected = Sign(secret, prefix, body.Span);
            foreach (var signature in presented)
            {
                holds |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return holds && inTime;
    }

    public static byte[] Sign(string secret, string prefix, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(prefix));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    private static (string Prefix, bool InTime) Timestamp(AlertAuthenticationOptions options, HttpRequest request, DateTimeOffset now)
    {
        if (options.TimestampHeader is not { } header)
        {
            return ("", true);
        }

        // Unix seconds of any year that there is; DateTimeOffset would throw on others.
        return request.Headers[header] is [{ Length: <= 12 } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? ($"{text}:", Math.Abs(now.ToUnixTimeSeconds() - seconds) <= Skew.TotalSeconds)
            : ("", false);
    }

    private static List<byte[]> Presented(AlertAuthenticationOptions options, HttpRequest request)
    {
        List<byte[]> signatures = [];
        if (request.Headers[options.Header!] is [{ } value])
        {
            var parts = options.Format == "v1"
                ? value.Split(',', MostSignatures + 1, StringSplitOptions.TrimEntries).Where(part => part.StartsWith("v1=", StringComparison.Ordinal)).Select(part => part[3..])
                : [value];
            foreach (var part in parts.Where(part => part.Length == 2 * SHA256.HashSizeInBytes).Take(MostSignatures))
            {
                var bytes = new byte[SHA256.HashSizeInBytes];
                if (Convert.FromHexString(part, bytes, out _, out _) == System.Buffers.OperationStatus.Done)
                {
                    signatures.Add(bytes);
                }
            }
        }

        return signatures;
    }
}
