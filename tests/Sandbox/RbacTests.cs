using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Rbac;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sandbox.Tests;

public sealed class RbacTests
{
    private const string Api = "rbac.authorization.k8s.io";
    private readonly ObjectStore _store = new(new FakeTimeProvider());
    private readonly Authorizer _authorizer;

    public RbacTests()
    {
        _authorizer = new Authorizer(_store);
        Add(ResourceCatalogue.ClusterRoles, "", "reader", "{ rules: [ { apiGroups: [''], resources: [pods, '*/log'], verbs: [get, list] } ] }");
        Add(ResourceCatalogue.ClusterRoles, "", "versions", "{ rules: [ { nonResourceURLs: [/version, '/apis/*'], verbs: [get] } ] }");
        Add(ResourceCatalogue.Roles, "shop", "one", $"{{ rules: [ {{ apiGroups: [{Api}], resources: [roles], resourceNames: [a], verbs: ['*'] }} ] }}");
        Add(ResourceCatalogue.Roles, "shop", "exec", "{ rules: [ { apiGroups: [''], resources: [pods/exec], verbs: [create] } ] }");
        Bind("shop", "reads", "ClusterRole", "reader", "{ kind: User, name: ann }");
        Bind("shop", "ones", "Role", "one", "{ kind: Group, name: team }");
        Bind("shop", "execs", "Role", "exec", "{ kind: ServiceAccount, name: tap }");
        Bind("", "versions", "ClusterRole", "versions", "{ kind: Group, name: 'system:authenticated' }");
        Bind("bank", "broken", "Role", "absent", "{ kind: User, name: ann }");
    }

    [Theory]
    [InlineData("ann", "get", "", "pods", "", "web", "shop", true)]
    [InlineData("ann", "list", "", "pods", "", "", "shop", true)]
    [InlineData("ann", "delete", "", "pods", "", "web", "shop", false)]
    [InlineData("ann", "get", "", "pods", "", "web", "bank", false)]
    [InlineData("ann", "get", "", "pods", "", "web", "", false)]
    [InlineData("ann", "get", "", "pods", "log", "web", "shop", true)]
    [InlineData("ann", "get", "", "pods", "exec", "web", "shop", false)]
    [InlineData("ann", "get", "apps", "pods", "", "web", "shop", false)]
    [InlineData("bob", "get", "", "pods", "", "web", "shop", false)]
    [InlineData("bob:team", "update", Api, "roles", "", "a", "shop", true)]
    [InlineData("bob:team", "update", Api, "roles", "", "b", "shop", false)]
    [InlineData("bob:team", "list", Api, "roles", "", "", "shop", false)]
    [InlineData("system:serviceaccount:shop:tap", "create", "", "pods", "exec", "web", "shop", true)]
    [InlineData("system:serviceaccount:shop:tap", "create", "", "pods", "", "web", "shop", false)]
    [InlineData("system:serviceaccount:bank:tap", "create", "", "pods", "exec", "web", "shop", false)]
    [InlineData("root:system:masters", "delete", "apps", "anything", "", "x", "bank", true)]
    public void Decide_ResourceRequest_FollowsTheBindings(
        string who, string verb, string group, string resource, string sub, string name, string space, bool allowed)
    {
        var request = new AccessRequest(UserOf(who), verb, group, resource, sub, name, space);

        var decision = _authorizer.Decide(request);

        Assert.Equal(allowed, decision.Allowed);
    }

    [Theory]
    [InlineData("/version", "get", true)]
    [InlineData("/apis/anything/v1", "get", true)]
    [InlineData("/versions", "get", false)]
    [InlineData("/version", "post", false)]
    [InlineData("/metrics", "get", false)]
    public void Decide_PathRequest_FollowsTheUrls(string path, string verb, bool allowed)
    {
        var request = new AccessRequest(UserOf("ann"), verb, IsResource: false, Path: path);

        var decision = _authorizer.Decide(request);

        Assert.Equal(allowed, decision.Allowed);
    }

    [Fact]
    public void Decide_Allowed_NamesTheBinding()
    {
        var decision = _authorizer.Decide(new AccessRequest(UserOf("ann"), "get", Resource: "pods", Namespace: "shop"));

        Assert.Equal("RBAC: allowed by RoleBinding \"reads/shop\" of ClusterRole \"reader\" to User \"ann\"", decision.Reason);
    }

    [Fact]
    public void Decide_BindingToAMissingRole_SaysSo()
    {
        var decision = _authorizer.Decide(new AccessRequest(UserOf("ann"), "get", Resource: "pods", Namespace: "bank"));

        Assert.False(decision.Allowed);
        Assert.Equal("RBAC: role.rbac.authorization.k8s.io \"absent\" not found", decision.Reason);
    }

    [Fact]
    public void Decide_AfterTheBindingIsDeleted_DeniesAtOnce()
    {
        var request = new AccessRequest(UserOf("ann"), "get", Resource: "pods", Namespace: "shop");
        var before = _authorizer.Decide(request).Allowed;

        _store.TryRemove(ResourceCatalogue.RoleBindings, "shop", "reads");

        Assert.True(before);
        Assert.False(_authorizer.Decide(request).Allowed);
    }

    private static UserInfo UserOf(string who) => UserInfo.AccountOf(who) is var (space, account)
        ? UserInfo.ServiceAccount(space, account, "")
        : who.Split(':', 2) is [var name, var group] ? UserInfo.Person(name, group) : UserInfo.Person(who);

    private void Bind(string space, string name, string roleKind, string role, string subject) => Add(
        space.Length == 0 ? ResourceCatalogue.ClusterRoleBindings : ResourceCatalogue.RoleBindings,
        space,
        name,
        $"{{ roleRef: {{ apiGroup: {Api}, kind: {roleKind}, name: {role} }}, subjects: [ {subject} ] }}");

    private void Add(ResourceKind kind, string space, string name, string yaml) =>
        _store.CreateIfAbsent(kind, space, name, Scenarios.YamlDocuments.Read(yaml).Single());
}
