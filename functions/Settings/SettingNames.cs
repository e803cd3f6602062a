using System.Reflection;
using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;
#if GKE_OVER_SSH
using CaptureFlow.Sites.Gce;
#endif
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Settings;

/// <summary>
/// Stops the start when a setting below <c>CaptureFlow</c> has a name that nothing reads. A misspelt limit would otherwise be no limit, and nobody would
/// know. Every such name is reported at once, with the nearest real one.
/// </summary>
internal sealed class SettingNames(IConfiguration configuration) : IValidateOptions<SettingNames.Checked>
{
    private const string Root = "CaptureFlow";

    /// <summary>What each section is read into; null for one that this room does not know the inside of.</summary>
    private static readonly Dictionary<string, Type?> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        [AccessOptions.Section] = typeof(AccessOptions),
        [AlertsOptions.Section] = typeof(AlertsOptions),
        [BlobStoreOptions.Section] = typeof(BlobStoreOptions),
        [CallbackOptions.Section] = typeof(CallbackOptions),
        [CapturePolicy.Section] = typeof(CapturePolicy),
        [CaptureQuotas.Section] = typeof(CaptureQuotas),
        [ClusterOptions.Section] = typeof(ClusterOptions),
        // An entry's names depend on its kind: ClusterEntryRules checks them.
        [$"{ClusterRegistryOptions.Section}:{nameof(ClusterRegistryOptions.Clusters)}"] = null,
        [CustodyOptions.Section] = typeof(CustodyOptions),
        [FolderStoreOptions.Section] = typeof(FolderStoreOptions),
#if GKE_OVER_SSH
        [GceOptions.Section] = typeof(GceOptions),
#else
        [$"{Root}:Gce"] = null,
#endif
        // Of the local host.
        [$"{Root}:Local"] = null,
        [NodeOptions.Section] = typeof(NodeOptions),
        [NotificationsOptions.Section] = typeof(Dictionary<string, ReceiverOptions>),
        [NotificationsOptions.PublicUrlSetting] = typeof(string),
        [RetentionOptions.Section] = typeof(RetentionOptions),
        [RetrievalOptions.Section] = typeof(RetrievalOptions),
        [TapOptions.Section] = typeof(TapOptions),
        [TriageOptions.Section] = typeof(TriageOptions),
    };

    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services.AddOptions<Checked>().ValidateOnStart();
        return services.AddSingleton<IValidateOptions<Checked>, SettingNames>();
    }

    public ValidateOptionsResult Validate(string? name, Checked options)
    {
        List<string> problems = [];
        foreach (var section in configuration.GetSection(Root).GetChildren())
        {
            if (!Sections.TryGetValue(section.Path, out var type))
            {
                problems.Add(Unread(section, Sections.Keys.Select(path => path[(Root.Length + 1)..])));
            }
            else if (type is not null)
            {
                Check(section, type, problems);
            }
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static void Check(IConfigurationSection section, Type type, List<string> problems)
    {
        if (ItemOf(type) is { } item)
        {
            foreach (var child in section.GetChildren())
            {
                Check(child, item, problems);
            }
        }
        else if (type.Assembly.GetName().Name!.StartsWith(Root, StringComparison.Ordinal) && !type.IsEnum)
        {
            var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is not null || ItemOf(property.PropertyType) is not null)
                .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
            foreach (var child in section.GetChildren())
            {
                if (known.TryGetValue(child.Key, out var property))
                {
                    Check(child, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, problems);
                }
                else
                {
                    problems.Add(Unread(child, known.Keys));
                }
            }
        }
    }

    /// <summary>What a list or a dictionary holds; null for anything else.</summary>
    private static Type? ItemOf(Type type) => type == typeof(string)
        ? null
        : type.GetInterfaces().Prepend(type)
            .Where(it => it.IsGenericType && it.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(it => it.GetGenericArguments()[0])
            .Select(it => it.IsGenericType && it.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) ? it.GetGenericArguments()[1] : it)
            .FirstOrDefault();

    private static string Unread(IConfigurationSection setting, IEnumerable<string> known) =>
        $"{setting.Path}: nothing reads a setting of this name; "
        + (NearestName.Of(setting.Key, known) is { } near ? $"did you mean {near}?" : $"there are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");

    /// <summary>Nothing is bound to it: its validation is what matters.</summary>
    internal sealed class Checked;
}
