using static CaptureFlow.Sandbox.Api.ProtobufForm;

namespace CaptureFlow.Sandbox.Api;

/// <summary>Field numbers of the Kubernetes messages that clients send to this server, from the <c>generated.proto</c> files of the API.</summary>
internal sealed class ProtobufSchema
{
    private ProtobufSchema(params (int Number, string Name, ProtobufForm Form, ProtobufSchema? Schema)[] fields)
    {
        Fields = fields.ToDictionary(field => field.Number, field => (field.Name, field.Form, field.Schema));
    }

    internal IReadOnlyDictionary<int, (string Name, ProtobufForm Form, ProtobufSchema? Schema)> Fields { get; }

    internal static readonly ProtobufSchema TypeMeta = new((1, "apiVersion", Text, null), (2, "kind", Text, null));

    internal static readonly ProtobufSchema MapEntry = new((1, "key", Text, null), (2, "value", Text, null));

    private static readonly ProtobufSchema Metadata = new(
        (1, "name", Text, null), (2, "generateName", Text, null), (3, "namespace", Text, null), (5, "uid", Text, null),
        (6, "resourceVersion", Text, null), (11, "labels", Map, null), (12, "annotations", Map, null), (14, "finalizers", Texts, null));

    private static readonly ProtobufSchema ResourceAttributes = new(
        (1, "namespace", Text, null), (2, "verb", Text, null), (3, "group", Text, null), (4, "version", Text, null),
        (5, "resource", Text, null), (6, "subresource", Text, null), (7, "name", Text, null));

    private static readonly ProtobufSchema PathAttributes = new((1, "path", Text, null), (2, "verb", Text, null));

    private static readonly ProtobufSchema Rule = new(
        (1, "verbs", Texts, null), (2, "apiGroups", Texts, null), (3, "resources", Texts, null), (4, "resourceNames", Texts, null),
        (5, "nonResourceURLs", Texts, null));

    private static readonly ProtobufSchema Subject = new(
        (1, "kind", Text, null), (2, "apiGroup", Text, null), (3, "name", Text, null), (4, "namespace", Text, null));

    private static readonly ProtobufSchema RoleRef = new((1, "apiGroup", Text, null), (2, "kind", Text, null), (3, "name", Text, null));

    private static readonly ProtobufSchema Named = new((1, "metadata", Message, Metadata));

    private static readonly ProtobufSchema Role = new((1, "metadata", Message, Metadata), (2, "rules", Messages, Rule));

    private static readonly ProtobufSchema Binding = new(
        (1, "metadata", Message, Metadata), (2, "subjects", Messages, Subject), (3, "roleRef", Message, RoleRef));

    private static readonly ProtobufSchema AccessReview = WithSpec(
        (1, "resourceAttributes", Message, ResourceAttributes), (2, "nonResourceAttributes", Message, PathAttributes), (3, "user", Text, null),
        (4, "groups", Texts, null), (6, "uid", Text, null));

    private static readonly ProtobufSchema BoundObject = new(
        (1, "kind", Text, null), (2, "apiVersion", Text, null), (3, "name", Text, null), (4, "uid", Text, null));

    private static readonly Dictionary<string, ProtobufSchema> Kinds = new()
    {
        ["Namespace"] = Named,
        ["ServiceAccount"] = new((1, "metadata", Message, Metadata), (4, "automountServiceAccountToken", Flag, null)),
        ["Role"] = Role,
        ["ClusterRole"] = Role,
        ["RoleBinding"] = Binding,
        ["ClusterRoleBinding"] = Binding,
        ["SelfSubjectAccessReview"] = AccessReview,
        ["SubjectAccessReview"] = AccessReview,
        ["LocalSubjectAccessReview"] = AccessReview,
        ["SelfSubjectRulesReview"] = WithSpec((1, "namespace", Text, null)),
        ["SelfSubjectReview"] = Named,
        ["TokenRequest"] = WithSpec(
            (1, "audiences", Texts, null), (3, "boundObjectRef", Message, BoundObject), (4, "expirationSeconds", Number, null)),
        ["DeleteOptions"] = new(
            (1, "gracePeriodSeconds", Number, null), (2, "preconditions", Message, new((1, "uid", Text, null))),
            (4, "propagationPolicy", Text, null), (5, "dryRun", Texts, null)),
    };

    internal static ProtobufSchema? Find(string kind) => Kinds.GetValueOrDefault(kind);

    private static ProtobufSchema WithSpec(params (int, string, ProtobufForm, ProtobufSchema?)[] fields) =>
        new((1, "metadata", Message, Metadata), (2, "spec", Message, new ProtobufSchema(fields)));
}
