using CaptureFlow.Functions.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Tests.Access;

public sealed class AccessKeysTests
{
    private const string Key = "0123456789abcdefghij";
    private const string HashOfKey = "sha256:b1d9b7d9ee3ac5a7e1d8e6d1b04d0ed1cf6e1a4ee4c3b3b44e36b0fa9e7a7b5a";

    [Theory]
    [InlineData("Access:Secrets:alice", Key, "Access:Secrets:bob", Key, "the same key")]
    [InlineData("Access:Secrets:alice", Key, "Local:Keys:bob", Key, "the same key")]
    [InlineData("Access:Secrets:alice", Key, "Local:Keys:0", Key, "the same key")]
    [InlineData("Access:Secrets:al ice", Key, "Local:Keys:bob", Key + "2", "not a valid name of a key")]
    [InlineData("Access:Secrets:alice", "short", "Local:Keys:bob", Key, "can be guessed")]
    [InlineData("Access:Secrets:alice", "", "Local:Keys:bob", Key, "can be guessed")]
    [InlineData("Access:Secrets:alice", "sha256:b1d9", "Local:Keys:bob", Key, "64 hexadecimal digits")]
    [InlineData("Access:Secrets:alice", "@Microsoft.KeyVault(VaultName=v;SecretName=s)", "Local:Keys:bob", Key, "was not resolved")]
    public void Options_KeysThatTellNobodyApartOrCanBeKnown_Refused(string setting, string value, string other, string otherValue, string problem)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read((setting, value), (other, otherValue)));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(otherValue, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OneNameInBothPlaces_IsOneCallerWithTwoKeys()
    {
        var keys = ApiKeys.ReadAll(Read(("Access:Secrets:alice", HashOfKey), ("Local:Keys:Alice", Key), ("Local:Keys:0", Key + "-of-nobody"))).Select(read => read.Key?.CallerId);

        Assert.Equal(["function-key", "key:alice", "key:alice"], keys.Order(StringComparer.Ordinal));
    }

    private static AccessOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(it => KeyValuePair.Create($"CaptureFlow:{it.Name}", (string?)it.Value))).Build();
        using var services = new ServiceCollection().AddAccess(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<AccessOptions>>().Value;
    }
}
