using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

public sealed class CustodySigningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-key-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task KeyAsync_FileThatIsMissing_IsMadeOnceForItsUserAlone()
    {
        var path = Path.Combine(_folder, "state", "custody.key");

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await Of(new() { KeyFile = path }).KeyAsync(default))!.Id));

        Assert.Single(keys.Distinct());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task KeyAsync_EveryFormOfOneKey_IsThatKey()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] forms =
        [
            ec.ExportPkcs8PrivateKeyPem(), ec.ExportECPrivateKeyPem(), Convert.ToBase64String(ec.ExportPkcs8PrivateKey()), Convert.ToBase64String(ec.ExportECPrivateKey()),
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ec.ExportECPrivateKeyPem(),
        ];

        foreach (var form in forms)
        {
            using var key = await Of(new() { SigningKey = form }).KeyAsync(default);
            Assert.Equal(ec.ExportSubjectPublicKeyInfoPem(), key!.PublicPem);
        }

        Assert.Null(await Of(new()).KeyAsync(default));
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(VaultName=v;SecretName=s)", "was not resolved")]
    [InlineData("secret-word", "is not an unencrypted private key")]
    [InlineData("", null)]
    public void Validate_SigningKey_NamesTheSettingAndRepeatsNothingOfIt(string key, string? problem)
    {
        var result = Validate(new() { SigningKey = key });

        Assert.Equal(problem is not null, result.Failed);
        Assert.Contains(problem ?? string.Empty, result.FailureMessage ?? string.Empty, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", result.FailureMessage ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_PublicOrOtherKeyOrFileInTheStore_Refused()
    {
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var key = CustodyKey.Create();
        var file = Path.Combine(_folder, "key");
        File.WriteAllText(file, "nothing");

        Assert.True(Validate(new() { SigningKey = key.PublicPem }).Failed);
        Assert.True(Validate(new() { SigningKey = large.ExportPkcs8PrivateKeyPem() }).Failed);
        Assert.True(Validate(new() { KeyFile = file }).Failed);
        Assert.Contains("is in the store's folder", Validate(new() { KeyFile = Path.Combine(_folder, "store", "custody.key") }).FailureMessage, StringComparison.Ordinal);
        Assert.True(Validate(new() { KeyFile = Path.Combine(_folder, "custody.key") }).Succeeded);
        Assert.True(Validate(new() { SigningKey = key.PrivatePem }).Succeeded);
    }

    [Fact]
    public void Read_PublicKeys_SeveralInOneFileAndWhatIsNone()
    {
        using CustodyKey one = CustodyKey.Create(), two = CustodyKey.Create();

        var (keys, _) = CustodyPublicKeys.Read($"# of 2026\n{one.PublicPem}\n# of 2027\n{two.PublicPem}\n");
        var (none, problem) = CustodyPublicKeys.Read("no key");

        using (keys)
        {
            Assert.Null(keys!.WhyNot(new(one.Id, one.Sign("a"), "a")));
            Assert.Null(keys.WhyNot(new(two.Id, two.Sign("a"), "a")));
            Assert.NotNull(keys.WhyNot(new(two.Id, one.Sign("a"), "a")));
            Assert.NotNull(keys.WhyNot(new(two.Id, "?", "a")));
        }

        Assert.Equal((null, "there is no PEM text in it"), (none, problem));
        Assert.NotNull(CustodyPublicKeys.Read("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----").Problem);
    }

    [Fact]
    public void Validate_StoreThatIsNoFolder_HoldsAnyKeyFile() => Assert.True(
        new CustodyOptionsRules(Options.Create(new FolderStoreOptions { Folder = "" })).Validate(null, new() { KeyFile = Path.Combine(_folder, "custody.key") }).Succeeded);

    private static CustodySigning Of(CustodyOptions options) => new(Options.Create(options), TimeProvider.System);

    private ValidateOptionsResult Validate(CustodyOptions options) =>
        new CustodyOptionsRules(Options.Create(new FolderStoreOptions { Folder = Path.Combine(_folder, "store") })).Validate(null, options);
}
