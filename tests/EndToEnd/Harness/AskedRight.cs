namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>One question to RBAC: may somebody do this, in a namespace or (null) in the whole cluster?</summary>
internal sealed record AskedRight(string Verb, string Group, string Resource, string? Subresource, string? Name, string? Place)
{
    public override string ToString() =>
        $"{Verb} {Resource}{(Group.Length > 0 ? "." + Group : "")}{(Subresource is null ? "" : "/" + Subresource)}{(Name is null ? "" : " " + Name)} in {Place ?? "the cluster"}";
}
