using System.Buffers.Text;
using System.Text;

namespace CaptureFlow.Analysis;

/// <summary>What is of interest in one block of headers.</summary>
internal sealed class Http2Headers
{
    private const string Grpc = "application/grpc";

    public string? Method { get; private set; }

    public string? Path { get; private set; }

    public int? Status { get; private set; }

    public bool IsGrpc { get; private set; }

    public int? GrpcStatus { get; private set; }

    /// <summary>Headers are missing: the block is cut, or refers to what was not seen.</summary>
    public bool HasUnknown { get; set; }

    public void Add(HpackName name, string? value)
    {
        switch (name)
        {
            case HpackName.Method:
                Method = value;
                break;
            case HpackName.Path:
                Path = value;
                break;
            case HpackName.Status:
                Status = Number(value);
                break;
            case HpackName.ContentType:
                IsGrpc |= value?.StartsWith(Grpc, StringComparison.Ordinal) ?? false;
                break;
            case HpackName.GrpcStatus:
                GrpcStatus = Number(value);
                break;
            case HpackName.Unknown:
                HasUnknown = true;
                break;
            case HpackName.Other:
                break;
        }
    }

    private static int? Number(string? value) =>
        value is { Length: > 0 and <= 3 } && Utf8Parser.TryParse(Encoding.ASCII.GetBytes(value), out int number, out var used)
            && used == value.Length && number >= 0
            ? number
            : null;
}
