using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>The compiled templates: everything is described, and nothing secret goes in or comes out in the open.</summary>
public sealed class TemplateTests(DeploymentFixture fixture)
{
    private static readonly string[] SecretWords = ["listkeys", "listsecrets", "listaccountsas", "listservicesas", "connectionstring", "instrumentationkey", "sharedkey", "password"];

    public static TheoryData<string> Files => [.. InfraFolder.Roots];

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_EveryParameter_IsDescribed(string file)
    {
        var parameters = Parts(file, "parameters");

        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Value!.Text("metadata/description")), parameter.Key));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_EveryOutput_IsADescribedNameOrPrincipal(string file)
    {
        var outputs = Parts(file, "outputs");

        Assert.NotEmpty(outputs);
        Assert.All(outputs, output =>
        {
            Assert.False(string.IsNullOrWhiteSpace(output.Value!.Text("metadata/description")), output.Key);
            Assert.Contains(output.Value!.Text("type"), (string[])["string", "array"]);
            // Or the sentence that says whether anybody is told of an alert.
            Assert.Matches("(ames?|^principalId|^alertsTell)$", output.Key);
            Assert.DoesNotContain(SecretWords, word => output.Value!.ToJsonString().Contains(word, StringComparison.OrdinalIgnoreCase));
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_Keys_AreAskedForNowhere(string file)
    {
        var text = Template(file).ToJsonString();

        Assert.DoesNotContain("listKeys", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AccountKey", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("SharedAccessSignature", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Template_SecureParameters_AreReadByNoOutput(string file)
    {
        foreach (var template in Template(file).WithModules())
        {
            var secure = (template["parameters"] as JsonObject ?? [])
                .Where(parameter => parameter.Value!.Text("type")?.StartsWith("secure", StringComparison.OrdinalIgnoreCase) == true)
                .Select(parameter => $"parameters('{parameter.Key}')")
                .ToList();

            var outputs = template["outputs"]?.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal) ?? "";

            Assert.DoesNotContain(secure, name => outputs.Contains(name, StringComparison.OrdinalIgnoreCase));
        }
    }

    private JsonObject Template(string file) => fixture.Templates[file];

    /// <summary>The parameters, or the outputs, of a file and of all its modules.</summary>
    private List<KeyValuePair<string, JsonNode?>> Parts(string file, string part) =>
        [.. Template(file).WithModules().SelectMany(template => template[part] as JsonObject ?? [])];
}
