using System.Globalization;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Captures;

/// <summary>The query of <c>GET /api/captures</c>, and everything that is wrong with it at once.</summary>
internal sealed record CaptureQuery(CaptureFilter Filter, int PageSize, ListPlace Place, IReadOnlyList<CaptureFault> Faults)
{
    private const int LargestPage = 200;
    private const int DefaultPage = 50;
    private const int LongestCaller = 200;
    private static readonly string[] Known = ["cluster", "namespace", "pod", "requestedBy", "verdict", "from", "to", "pageSize", "continuationToken"];


    // RFC 3339, and its date alone.
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    public static CaptureQuery Read(IQueryCollection query)
    {
        List<CaptureFault> faults = [.. QueryNames.Check(query, Known)];
        var filter = new CaptureFilter
        {
            Cluster = ReadName(query, "cluster", DnsNames.IsLabel, faults),
            Namespace = ReadName(query, "namespace", DnsNames.IsLabel, faults),
            Pod = ReadName(query, "pod", DnsNames.IsSubdomain, faults),
            RequestedBy = ReadName(query, "requestedBy", name => name!.Length <= LongestCaller && !name.Any(char.IsControl), faults),
            Verdict = ReadVerdict(query, faults),
            From = ReadTime(query, "from", faults),
            To = ReadTime(query, "to", faults),
        };
        return new(filter, ReadPageSize(query, faults), ReadPlace(query, filter, faults), faults);
    }

    // A name that nothing can have finds nothing, which looks like an answer.
    private static string? ReadName(IQueryCollection query, string name, Func<string?, bool> valid, List<CaptureFault> faults)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        if (valid(text))
        {
            return text;
        }

        faults.Add(Invalid(name, $"'{Echo.Of(text)}' can be no {name}.", "Write the name alone, as the captures show it."));
        return null;
    }

    private static Verdict? ReadVerdict(IQueryCollection query, List<CaptureFault> faults)
    {
        if (Text(query, "verdict") is not { } text)
        {
            return null;
        }

        if (text.All(char.IsAsciiLetter) && Enum.TryParse<Verdict>(text, ignoreCase: true, out var verdict) && Enum.IsDefined(verdict))
        {
            return verdict;
        }

        faults.Add(Invalid("verdict", $"'{Echo.Of(text)}' is no verdict.", $"Use one of {string.Join(", ", Enum.GetNames<Verdict>())}."));
        return null;
    }

    private static DateTimeOffset? ReadTime(IQueryCollection query, string name, List<CaptureFault> faults)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        faults.Add(Invalid(name, $"'{Echo.Of(text)}' is no time.", "Write 2026-03-04T12:00:00Z or 2026-03-04; a + in an offset is %2B."));
        return null;
    }

    private static int ReadPageSize(IQueryCollection query, List<CaptureFault> faults)
    {
        if (Text(query, "pageSize") is not { } text)
        {
            return DefaultPage;
        }

        if (text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= LargestPage)
        {
            return size;
        }

        faults.Add(Invalid("pageSize", $"'{Echo.Of(text)}' is no page size.", $"Use 1 to {LargestPage}."));
        return DefaultPage;
    }

    private static ListPlace ReadPlace(IQueryCollection query, CaptureFilter filter, List<CaptureFault> faults)
    {
        if (Text(query, "continuationToken") is not { } text)
        {
            return ListPlace.Start;
        }

        if (ListPlace.TryParse(text, filter) is { } place)
        {
            return place;
        }

        faults.Add(Invalid("continuationToken", "This continuation token was not given by this list, or with other filters.", "Use the token of the last page as it is, or none."));
        return ListPlace.Start;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    private static CaptureFault Invalid(string field, string message, string remedy) => new(FaultCodes.QueryInvalid, message, remedy, field);
}
