using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>For the composition root.</summary>
public static class EvidenceRegistration
{
    /// <summary>The retrieve and store steps. They need an <see cref="ICaptureSite"/> and an <see cref="ICaptureStore"/>.</summary>
    public static IServiceCollection AddEvidence(this IServiceCollection services)
    {
        services.AddOptions<RetrievalOptions>().BindConfiguration(RetrievalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RetentionOptions>, RetentionOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EvidenceRetriever>();
        services.TryAddSingleton<EvidenceRecorder>();
        services.AddOptions<CustodyOptions>().BindConfiguration(CustodyOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CustodyOptions>, CustodyOptionsRules>());
        services.TryAddSingleton<CustodySigning>();
        services.TryAddSingleton<CustodyKeeper>();
        services.TryAddSingleton<CustodyDaySealer>();
        return services;
    }

    /// <summary>The store in a folder, behind all ports of a store.</summary>
    public static IServiceCollection AddFolderStore(this IServiceCollection services)
    {
        services.AddOptions<FolderStoreOptions>().BindConfiguration(FolderStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FolderStore>();
        services.TryAddSingleton<ICaptureStore>(provider => provider.GetRequiredService<FolderStore>());
        services.TryAddSingleton<ICaptureCatalog>(provider => provider.GetRequiredService<FolderStore>());
        services.TryAddSingleton<ICaptureRetention, FolderRetention>();
        services.TryAddSingleton<ICustodyLog, FolderCustody>();
        services.TryAddSingleton<ICustodyDays, FolderDays>();
        services.TryAddSingleton<IEvidenceLinks, NoLinks>();
        return services;
    }

    /// <summary>The store in a container of Azure Blob Storage, behind all ports of a store.</summary>
    public static IServiceCollection AddBlobStore(this IServiceCollection services)
    {
        services.AddOptions<BlobStoreOptions>().BindConfiguration(BlobStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BlobStoreOptions>, BlobStoreOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => BlobAccess.Open(Options(provider)));
        services.TryAddSingleton(provider => Make<BlobCatalog>(provider, Options(provider)));
        services.TryAddSingleton<ICaptureStore>(provider => Make<BlobStore>(provider, Options(provider)));
        services.TryAddSingleton<ICaptureCatalog>(provider => provider.GetRequiredService<BlobCatalog>());
        services.TryAddSingleton<ICaptureRetention>(provider => Make<BlobRetention>(provider, Options(provider)));
        services.TryAddSingleton<ICustodyLog>(provider => Make<BlobCustody>(provider, Options(provider)));
        services.TryAddSingleton<ICustodyDays>(provider => Make<BlobDays>(provider, Options(provider)));
        services.TryAddSingleton<IEvidenceLinks>(provider => Make<BlobLinks>(provider, Options(provider)));
        return services;
    }

    private static BlobStoreOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value;

    private static T Make<T>(IServiceProvider provider, BlobStoreOptions options) => ActivatorUtilities.CreateInstance<T>(provider, options);
}
