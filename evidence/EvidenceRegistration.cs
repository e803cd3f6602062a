using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CaptureFlow.Evidence;

/// <summary>For the composition root.</summary>
public static class EvidenceRegistration
{
    /// <summary>The retrieve and store steps. They need an <see cref="ICaptureSite"/> and an <see cref="ICaptureStore"/>.</summary>
    public static IServiceCollection AddEvidence(this IServiceCollection services)
    {
        services.AddOptions<RetrievalOptions>().BindConfiguration(RetrievalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EvidenceRetriever>();
        services.TryAddSingleton<EvidenceRecorder>();
        return services;
    }

    /// <summary>The store in a folder, as <see cref="ICaptureStore"/> and <see cref="ICaptureCatalog"/>.</summary>
    public static IServiceCollection AddFolderStore(this IServiceCollection services)
    {
        services.AddOptions<FolderStoreOptions>().BindConfiguration(FolderStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FolderStore>();
        services.TryAddSingleton<ICaptureStore>(provider => provider.GetRequiredService<FolderStore>());
        services.TryAddSingleton<ICaptureCatalog>(provider => provider.GetRequiredService<FolderStore>());
        return services;
    }
}
