using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

public sealed class RbacApiTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    private const string Group = "rbac.authorization.k8s.io";

    private string Api => $"/apis/{Group}/v1/namespaces/{Space}";

    [Fact]
    public async Task Get_UserWithoutRights_IsForbiddenInKubernetesWords()
    {
        var (code, body) = await Nobody.GetAsync($"{Pods}/web");

        Assert.Equal(403, code);
        Assert.Equal("Forbidden", body.Text("reason"));
        Assert.Equal(
            $"pods \"web\" is forbidden: User \"nobody\" cannot get resource \"pods\" in API group \"\" in the namespace \"{Space}\"",
            body.Text("message"));
    }

    [Fact]
    public async Task Get_UnknownToken_IsUnauthorized()
    {
        using var stranger = Nobody.WithToken("made-up");

        var (code, body) = await stranger.GetAsync(Pods);

        Assert.Equal(401, code);
        Assert.Equal("Unauthorized", body.Text("reason"));
    }

    [Fact]
    public async Task Get_NoCredentials_IsUnauthorized()
    {
        using var anonymous = Nobody.WithToken("");

        var (code, _) = await anonymous.GetAsync("/version");

        Assert.Equal(401, code);
    }

    [Fact]
    public async Task CreateBinding_MoreThanHeld_IsRefusedWithTheMissingRules()
    {
        await AdminGrantsNobodyAsync($"{{ apiGroups: [{Group}], resources: [rolebindings], verbs: [create] }}");
        await Admin.PostAsync($"{Api}/roles", Json("{ metadata: { name: big }, rules: [ { apiGroups: [''], resources: [pods/exec], verbs: [get, create] } ] }"));

        var (code, body) = await Nobody.PostAsync($"{Api}/rolebindings", Binding("mine", "Role", "big"));

        Assert.Equal(403, code);
        Assert.Equal(
            $"rolebindings.{Group} \"mine\" is forbidden: user \"nobody\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC "
            + "permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"pods/exec\"], Verbs:[\"get\" \"create\"]}",
            body.Text("message"));
    }

    [Fact]
    public async Task CreateBinding_WithBindOnThatRole_IsAllowedForItAlone()
    {
        await AdminGrantsNobodyAsync(
            $"{{ apiGroups: [{Group}], resources: [rolebindings], verbs: [create] }}, "
            + $"{{ apiGroups: [{Group}], resources: [roles], resourceNames: [big], verbs: [bind] }}");
        const string rules = "rules: [ { apiGroups: [''], resources: [pods/exec], verbs: [create] } ]";
        await Admin.PostAsync($"{Api}/roles", Json($"{{ metadata: {{ name: big }}, {rules} }}"));
        await Admin.PostAsync($"{Api}/roles", Json($"{{ metadata: {{ name: other }}, {rules} }}"));

        var (refused, _) = await Nobody.PostAsync($"{Api}/rolebindings", Binding("too-much", "Role", "other"));
        var (allowed, _) = await Nobody.PostAsync($"{Api}/rolebindings", Binding("mine", "Role", "big"));

        Assert.Equal(201, allowed);
        Assert.Equal(403, refused);
    }

    [Fact]
    public async Task UpdateBinding_OtherRole_IsInvalid()
    {
        await Admin.PostAsync($"{Api}/rolebindings", Binding("mine", "ClusterRole", "cluster-admin"));

        var (code, body) = await Admin.PatchAsync($"{Api}/rolebindings/mine", Json("{ roleRef: { name: view } }"));

        Assert.Equal(422, code);
        Assert.Contains("cannot change roleRef", body.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_NameThatExists_IsAConflict()
    {
        await Admin.PostAsync($"{Api}/rolebindings", Binding("mine", "ClusterRole", "cluster-admin"));

        var (code, body) = await Admin.PostAsync($"{Api}/rolebindings", Binding("mine", "ClusterRole", "cluster-admin"));

        Assert.Equal(409, code);
        Assert.Equal("AlreadyExists", body.Text("reason"));
    }

    [Fact]
    public async Task Delete_OtherUid_IsAConflict()
    {
        await Admin.PostAsync($"{Api}/rolebindings", Binding("mine", "ClusterRole", "cluster-admin"));

        var (conflict, body) = await Admin.DeleteAsync($"{Api}/rolebindings/mine", Json("{ preconditions: { uid: other } }"));
        var (deleted, _) = await Admin.DeleteAsync($"{Api}/rolebindings/mine");
        var (gone, _) = await Admin.GetAsync($"{Api}/rolebindings/mine");

        Assert.Equal((409, 200, 404), (conflict, deleted, gone));
        Assert.Contains("Precondition failed: UID in precondition: other", body.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ByLabel_FindsOnlyThose()
    {
        await Admin.PostAsync($"/api/v1/namespaces/{Space}/serviceaccounts", Json("{ metadata: { name: a, labels: { made-by: captureflow, n: '1' } } }"));
        await Admin.PostAsync($"/api/v1/namespaces/{Space}/serviceaccounts", Json("{ metadata: { name: b, labels: { made-by: someone } } }"));

        var (_, equal) = await Admin.GetAsync("/api/v1/serviceaccounts?labelSelector=made-by%3Dcaptureflow%2Cn");
        var (_, sets) = await Admin.GetAsync($"/api/v1/namespaces/{Space}/serviceaccounts?labelSelector=made-by+notin+(someone)%2C!absent");

        Assert.Equal(["a"], equal.Items("items").Where(item => item.Text("metadata", "namespace") == Space).Select(item => item.Text("metadata", "name")));
        Assert.Equal(["a", "default"], sets.Items("items").Select(item => item.Text("metadata", "name")));
    }

    [Fact]
    public async Task SelfSubjectAccessReview_BeforeAndAfterAGrant_TellsTheDifference()
    {
        var review = Json($"{{ spec: {{ resourceAttributes: {{ namespace: {Space}, verb: get, resource: pods }} }} }}");
        const string path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        var (_, before) = await Nobody.PostAsync(path, review);

        await AdminGrantsNobodyAsync("{ apiGroups: [''], resources: [pods], verbs: [get] }");
        var (code, after) = await Nobody.PostAsync(path, review);

        Assert.Equal(201, code);
        Assert.False(before.Flag("status", "allowed"));
        Assert.True(after.Flag("status", "allowed"));
    }

    private static System.Text.Json.Nodes.JsonObject Binding(string name, string kind, string role) => Json(
        $"{{ metadata: {{ name: {name} }}, roleRef: {{ apiGroup: {Group}, kind: {kind}, name: {role} }}, subjects: [ {{ kind: User, name: nobody }} ] }}");

    private async Task AdminGrantsNobodyAsync(string rules)
    {
        await Admin.PostAsync($"{Api}/roles", Json($"{{ metadata: {{ name: own }}, rules: [ {rules} ] }}"));
        var (code, body) = await Admin.PostAsync($"{Api}/rolebindings", Binding("own", "Role", "own"));
        Assert.True(code == 201, body?.ToText());
    }
}
