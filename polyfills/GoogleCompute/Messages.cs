using Google.Protobuf.Collections;

namespace Google.Cloud.Compute.V1;

public sealed class GetInstanceRequest
{
    public string Project { get; set; } = "";

    public string Zone { get; set; } = "";

    public string Instance { get; set; } = "";
}

public sealed class GetProjectRequest
{
    public string Project { get; set; } = "";
}

public sealed class SetMetadataInstanceRequest
{
    public string Project { get; set; } = "";

    public string Zone { get; set; } = "";

    public string Instance { get; set; } = "";

    public Metadata MetadataResource { get; set; } = null!;
}

public sealed class GetGuestAttributesInstanceRequest
{
    public string Project { get; set; } = "";

    public string Zone { get; set; } = "";

    public string Instance { get; set; } = "";

    public string QueryPath { get; set; } = "";
}

public sealed class GetIamPolicyInstanceRequest
{
    public string Project { get; set; } = "";

    public string Zone { get; set; } = "";

    public string Resource { get; set; } = "";

    public int OptionsRequestedPolicyVersion { get; set; }
}

public sealed class SetIamPolicyInstanceRequest
{
    public string Project { get; set; } = "";

    public string Zone { get; set; } = "";

    public string Resource { get; set; } = "";

    public ZoneSetPolicyRequest ZoneSetPolicyRequestResource { get; set; } = null!;
}

public sealed class ZoneSetPolicyRequest
{
    public Policy Policy { get; set; } = null!;
}

public sealed class AggregatedListInstancesRequest
{
    public string Project { get; set; } = "";

    public bool ReturnPartialSuccess { get; set; }
}

public sealed class Instance
{
    public ulong Id { get; set; }

    public string Name { get; set; } = "";

    public string Zone { get; set; } = "";

    public Metadata Metadata { get; set; } = null!;
}

public sealed class Project
{
    public Metadata CommonInstanceMetadata { get; set; } = null!;
}

public sealed class Metadata
{
    public string Fingerprint { get; set; } = "";

    public RepeatedField<Items> Items { get; } = [];
}

public sealed class Items
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "";
}

public sealed class InstanceAggregatedList;

public sealed class InstancesScopedList
{
    public RepeatedField<Instance> Instances { get; } = [];
}

public sealed class GuestAttributes
{
    public GuestAttributesValue QueryValue { get; set; } = null!;
}

public sealed class GuestAttributesValue
{
    public RepeatedField<GuestAttributesEntry> Items { get; } = [];
}

public sealed class GuestAttributesEntry
{
    public string Namespace { get; set; } = "";

    public string Key { get; set; } = "";

    public string Value { get; set; } = "";
}

public sealed class Policy
{
    public string Etag { get; set; } = "";

    public int Version { get; set; }

    public RepeatedField<Binding> Bindings { get; } = [];
}

public sealed class Binding
{
    public string Role { get; set; } = "";

    public RepeatedField<string> Members { get; } = [];

    public Expr Condition { get; set; } = null!;
}

public sealed class Expr
{
    public string Title { get; set; } = "";

    public string Description { get; set; } = "";

    public string Expression { get; set; } = "";
}
