using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace CaptureFlow.Evidence;

/// <summary>The container, signed in to.</summary>
internal sealed class BlobAccess
{
    // Azurite's own account, the same on every machine and public: https://learn.microsoft.com/azure/storage/common/storage-use-azurite
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <param name="service">Signed in.</param>
    /// <param name="container">The container's name.</param>
    public BlobAccess(BlobServiceClient service, string container) => (Service, Container) = (service, service.GetBlobContainerClient(container));

    /// <param name="options">Validated.</param>
    public static BlobAccess Open(BlobStoreOptions options)
    {
        if (!options.Emulator)
        {
            return new(new BlobServiceClient(options.ServiceUri, Credential(options.ManagedIdentityClientId), Retrying()), options.Container);
        }

        var key = new StorageSharedKeyCredential(EmulatorAccount, EmulatorKey);
        return new(new BlobServiceClient(options.ServiceUri, key, Retrying()), options.Container) { SharedKey = key, Checksum = StorageChecksumAlgorithm.MD5 };
    }

    /// <summary>Retries of one call; behind them, the step is repeated by its orchestration.</summary>
    public static BlobClientOptions Retrying()
    {
        var client = new BlobClientOptions();
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = 5;
        client.Retry.Delay = TimeSpan.FromSeconds(0.4);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(8);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);
        return client;
    }

    public BlobServiceClient Service { get; }

    public BlobContainerClient Container { get; }

    /// <summary>Only with the emulator.</summary>
    public StorageSharedKeyCredential? SharedKey { get; private init; }

    /// <summary>
    /// How each write is checked by the service. CRC64 travels inside the body; Azurite would store that framing as if it were content, so it
    /// gets MD5 in a header instead.
    /// </summary>
    public StorageChecksumAlgorithm Checksum { get; init; } = StorageChecksumAlgorithm.StorageCrc64;

    private static TokenCredential Credential(string? managedIdentity) => string.IsNullOrEmpty(managedIdentity)
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(managedIdentity));
}
