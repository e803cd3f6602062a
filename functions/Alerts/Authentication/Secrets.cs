using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>Compares what was presented with the active secrets. The time taken says nothing about which secret, or how much of it, was right.</summary>
internal static class Secrets
{
    public static bool Match(string? presented, IEnumerable<string> active)
    {
        var hash = Hash(presented ?? "");
        var known = false;
        foreach (var secret in active)
        {
            known |= CryptographicOperations.FixedTimeEquals(hash, Hash(secret));
        }

        return known && presented is not null;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
