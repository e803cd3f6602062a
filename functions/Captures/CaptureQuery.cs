using System.Globalization;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Captures;

/// <summary>The query of <c>GET /api/captures</c>, and everything that is wrong with it at once.</summary>
internal sealed record CaptureQuery(CaptureFilter Filter, int PageSize, ListPlace Place, IReadOnlyList<CaptureFault> Faults)
{
    private const int LargestPage = 200;
    private const int DefaultPage = 50;
    private static readonly string[] Known = ["cluster", "namespace", "pod", "requestedBy", "verdict", "from", "to", "pageSize", "continuationToken", "code"];

    public static CaptureQuery Read(IQueryCollection query)
    {
        List<CaptureFault> faults = [];
        foreach (var name in query.Keys.Where(name => !Known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            faults.Add(Invalid(name, $"There is no filter '{name}'.", $"The filters are {string.Join(", ", Known[..7])}."));
        }

        var filter = new CaptureFilter
        {
            Cluster = Text(query, "cluster"),
            Namespace = Text(query, "namespace"),
            Pod = Text(query, "pod"),
            RequestedBy = Text(query, "requestedBy"),
            Verdict = ReadVerdict(query, faults),
            From = ReadTime(query, "from", faults),
            To = ReadTime(query, "to", faults),
        };
        return new(filter, ReadPageSize(query, faults), ReadPlace(query, faults), faults);
    }

    private static Verdict? ReadVerdict(IQueryCollection query, List<CaptureFault> faults)
    {
        if (Text(query, "verdict") is not { } text)
        {
            return null;
        }

        if (!char.IsAsciiDigit(text[0]) && Enum.TryParse<Verdict>(text, ignoreCase: true, out var verdict) && Enum.IsDefined(verdict))
        {
            return verdict;
        }

        faults.Add(Invalid("verdict", $"'{text}' is no verdict.", $"Use one of {string.Join(", ", Enum.GetNames<Verdict>())}."));
        return null;
    }

    private static DateTimeOffset? ReadTime(IQueryCollection query, string name, List<CaptureFault> faults)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        if (char.IsAsciiDigit(text[0]) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        faults.Add(Invalid(name, $"'{text}' is no time.", "Write 2026-03-04T12:00:00Z or 2026-03-04; a + in an offset is %2B."));
        return null;
    }

    private static int ReadPageSize(IQueryCollection query, List<CaptureFault> faults)
    {
        if (Text(query, "pageSize") is not { } text)
        {
            return DefaultPage;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= LargestPage)
        {
            return size;
        }

        faults.Add(Invalid("pageSize", $"'{text}' is no page size.", $"Use 1 to {LargestPage}."));
        return DefaultPage;
    }

    private static ListPlace ReadPlace(IQueryCollection query, List<CaptureFault> faults)
    {
        if (Text(query, "continuationToken") is not { } text)
        {
            return ListPlace.Start;
        }

        if (ListPlace.TryParse(text) is { } place)
        {
            return place;
        }

        faults.Add(Invalid("continuationToken", "This continuation token was not given by this list.", "Use the token of the last page as it is, or none."));
        return ListPlace.Start;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    private static CaptureFault Invalid(string field, string message, string remedy) => new(FaultCodes.QueryInvalid, message, remedy, field);
}
