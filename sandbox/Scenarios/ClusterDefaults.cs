using CaptureFlow.Sandbox.Pods;
using CaptureFlow.Sandbox.Rbac;

namespace CaptureFlow.Sandbox.Scenarios;

/// <summary>What every cluster has from the start: its node, its first namespaces, the roles that let any user find their way.</summary>
internal static class ClusterDefaults
{
    private const string Objects = $$"""
        apiVersion: v1
        kind: Node
        metadata: { name: {{PodDefaults.NodeName}}, labels: { kubernetes.io/hostname: {{PodDefaults.NodeName}}, kubernetes.io/os: linux } }
        spec: { providerID: "sandbox://local/{{PodDefaults.NodeName}}" }
        status:
          daemonEndpoints: { kubeletEndpoint: { Port: 10250 } }
          addresses: [ { type: InternalIP, address: 10.244.0.1 }, { type: Hostname, address: {{PodDefaults.NodeName}} } ]
          images: [ { names: [ "docker.io/nicolaka/netshoot:v0.13" ], sizeBytes: 0 } ]
          conditions: [ { type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status } ]
          nodeInfo: { kubeletVersion: v1.36.0-captureflow-sandbox, operatingSystem: linux, containerRuntimeVersion: sandbox://1 }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: default }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: kube-system }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: cluster-admin }
        rules:
        - { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }
        - { nonResourceURLs: ["*"], verbs: ["*"] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: cluster-admin }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
        subjects: [ { apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters" } ]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: "system:basic-user" }
        rules:
        - { apiGroups: [authorization.k8s.io], resources: [selfsubjectaccessreviews, selfsubjectrulesreviews], verbs: [create] }
        - { apiGroups: [authentication.k8s.io], resources: [selfsubjectreviews], verbs: [create] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: "system:basic-user" }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:basic-user" }
        subjects: [ { apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated" } ]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: "system:discovery" }
        rules:
        - nonResourceURLs: [/api, /api/*, /apis, /apis/*, /healthz, /livez, /readyz, /openapi, /openapi/*, /version, /version/]
          verbs: [get]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: "system:discovery" }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:discovery" }
        subjects: [ { apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated" } ]
        """;

    internal static void Create(ManifestLoader loader, string captureFlowUser)
    {
        loader.ApplyText(Objects);
        if (UserInfo.AccountOf(captureFlowUser) is var (space, name))
        {
            loader.ApplyText($"{{ apiVersion: v1, kind: ServiceAccount, metadata: {{ name: {name}, namespace: {space} }} }}");
        }
    }
}
