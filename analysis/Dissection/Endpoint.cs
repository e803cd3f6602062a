namespace CaptureFlow.Analysis;

/// <summary>An address with a port.</summary>
internal readonly record struct Endpoint(Address Address, int Port)
{
    public override string ToString() => Address.IsV4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}";
}
