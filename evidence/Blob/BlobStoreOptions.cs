using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Evidence;

/// <summary>The blob container that keeps captures. Signed in to by a managed identity; there is no option for keys or connection strings.</summary>
public sealed class BlobStoreOptions
{
    public const string Section = "CaptureFlow:BlobStore";

    /// <summary>The account's blob endpoint, e.g. <c>https://ACCOUNT.blob.core.windows.net</c>. Set, it makes this the store of the app.</summary>
    /// <value>None; it has to be set.</value>
    [Required]
    public Uri? ServiceUri { get; set; }

    /// <summary>The container. It has to exist: making one takes more rights than storing in it.</summary>
    /// <value>captures.</value>
    [Required]
    [RegularExpression("[a-z0-9](-?[a-z0-9]){2,62}", ErrorMessage = "A container's name has 3 to 63 lower-case letters, digits and single hyphens.")]
    public string Container { get; set; } = "captures";

    /// <summary>Client id of the user-assigned managed identity; without it, what DefaultAzureCredential finds (an environment, <c>az login</c>).</summary>
    /// <value>None.</value>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>
    /// The endpoint is Azurite on this machine, with its well-known account: no identity, no TLS, MD5 instead of CRC64 and no user delegation,
    /// none of which it has. Refused for an endpoint that is not loopback.
    /// </summary>
    /// <value>false.</value>
    public bool Emulator { get; set; }

    /// <summary>Bytes per block: what is held in memory for each transfer, and the most that a crash loses. The ceiling of 8 GiB takes 2,048 of the 50,000 blocks of a blob.</summary>
    /// <value>4 MiB.</value>
    [Range(256 << 10, 64 << 20)]
    public int BlockSize { get; set; } = 4 << 20;

    /// <summary>Whether downloads are links to the store. Without, the bytes go through the app: for callers that cannot reach the account.</summary>
    /// <value>true.</value>
    public bool Links { get; set; } = true;

    /// <summary>How long a link works.</summary>
    /// <value>5 minutes.</value>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether blobs get index tags, which lifecycle rules and searches use. Takes the right <c>blobs/tags/write</c>; accounts with a hierarchical namespace have none.</summary>
    /// <value>true.</value>
    public bool Tags { get; set; } = true;

    /// <summary>Days that a stored capture can be neither changed nor deleted, by anybody. Needs version-level immutability on the container; 0 sets none.</summary>
    /// <value>0.</value>
    [Range(0, 36_500)]
    public int ImmutableDays { get; set; }

    /// <summary>Whether the immutability is locked: then nobody can shorten it, ever.</summary>
    /// <value>false.</value>
    public bool LockImmutability { get; set; }

    /// <summary>Whether stored captures are put under legal hold. Needs version-level immutability on the container.</summary>
    /// <value>false.</value>
    public bool LegalHold { get; set; }
}
