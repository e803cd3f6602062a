using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class BlobRefusalTests(AzuriteFixture azurite) : BlobFaultTest(azurite)
{
    [Theory]
    [InlineData(503, "ServerBusy")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "OperationTimedOut")]
    [InlineData(0, "reset")]
    public async Task StageAndStore_EverySecondRequestTurnedAway_GetThroughAllTheSame(int status, string code)
    {
        Front.Rule = request => request.Number % 2 == 1 ? status == 0 ? new() { Reset = true } : new() { Status = status, Code = code } : null;
        var store = Fronted();

        await StageAsync(store, Id);
        var result = await store.EnsureStoredAsync(Manifest(), default);

        Assert.True(result.Succeeded, string.Join(' ', result.Faults));
        Assert.Equal(Bytes, await ReadAsync(await Under.Store.TryOpenFileAsync(Id, "capture.pcap", default)));
    }

    [Fact]
    public async Task StageAsync_ThrottledForLong_IsWorthRepeatingAndGoesOnLater()
    {
        Front.Rule = request => request.IsBlock && request.Number > 8 ? new() { Status = 503, Code = "ServerBusy" } : null;
        var thrown = await Assert.ThrowsAsync<StepUnavailableException>(() => StageAsync(Fronted(), Id));
        Front.Rule = _ => null;

        await using var area = await Fronted().OpenStagingAsync(Id, default);

        Assert.Contains("503 ServerBusy", thrown.Message, StringComparison.Ordinal);
        Assert.InRange(area.Length, 64, Bytes.Length - 1);
        Assert.Equal(0, area.Length % 64);
    }

    [Fact]
    public async Task AnyCall_ContainerMissing_IsRefusedWithTheCommandThatMakesIt()
    {
        await Under.DisposeAsync();

        var staging = await Assert.ThrowsAsync<StoreRefusedException>(() => Under.Store.OpenStagingAsync(Id, default));
        var storing = await Under.Store.EnsureStoredAsync(Manifest(), default);
        var finding = await Assert.ThrowsAsync<StoreRefusedException>(async () => await Under.Catalog().FindAsync(CaptureFilter.All, null, default).GetAsyncEnumerator().MoveNextAsync());
        var sweeping = await Assert.ThrowsAsync<StoreRefusedException>(() => Under.Retention().SweepAsync(new RetentionOptions().RulesAt(Make.Noon), Make.NoOne, default));

        foreach (var fault in new[] { staging.Fault, Assert.Single(storing.Faults), finding.Fault, sweeping.Fault })
        {
            Assert.Equal(FaultCodes.StoreRefused, fault.Code);
            Assert.Contains($"az storage container create --name {Under.Options.Container}", fault.Remedy, StringComparison.Ordinal);
            Assert.Contains("ContainerNotFound", fault.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(403, "AuthorizationPermissionMismatch", "Storage Blob Data Owner")]
    [InlineData(403, "AuthorizationFailure", "network rules")]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", "Emulator")]
    [InlineData(401, "InvalidAuthenticationInfo", "Storage Blob Data Owner")]
    [InlineData(409, "BlobImmutableDueToPolicy", "version-level immutability")]
    [InlineData(412, "LeaseIdMissing", "lease")]
    [InlineData(400, "FeatureVersionMismatch", "docs/operations.md")]
    public async Task EnsureStoredAsync_CommitRefused_IsAFaultThatSaysWhatToDo(int status, string code, string remedy)
    {
        await StageAsync(Under.Store, Id);
        Front.Rule = request => request.IsCommit ? new() { Status = status, Code = code } : null;

        var result = await Fronted().EnsureStoredAsync(Manifest(), default);

        var fault = Assert.Single(result.Faults);
        Assert.Equal(FaultCodes.StoreRefused, fault.Code);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
        Assert.Equal($"{status} {code}: The front's words. (request 1f0e)", fault.Detail);
        Assert.Null(await Under.Store.TryReadManifestAsync(Id, default));
        Assert.Equal(Bytes, await ReadAsync(await Under.Store.TryReadStagedAsync(Id, default)));
    }

    [Theory]
    [InlineData(20, "behind")]
    [InlineData(-20, "ahead of")]
    public async Task AnyCall_ClockSkewed_IsRefusedAndSaysByHowMuch(int minutes, string direction)
    {
        Front.Rule = _ => new() { Status = 403, Code = "AuthenticationFailed", Date = TimeProvider.System.GetUtcNow().AddMinutes(minutes) };

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => Fronted().OpenStagingAsync(Id, default));

        Assert.Contains($"20 minutes {direction}", refusal.Fault.Message, StringComparison.Ordinal);
        Assert.Contains("NTP", refusal.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_ServiceThatDoesNotKnowCrc64_IsRefused()
    {
        Front.Rule = request => request.IsBlock ? new() { Alter = headers => headers.Remove(StructuredBody.Header) } : null;

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => StageAsync(Fronted(), Id));

        Assert.Contains("CaptureFlow:BlobStore:Emulator", refusal.Fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(0, true)]
    public async Task EnsureStoredAsync_WormAskedOfAContainerWithout_IsRefusedBeforeAnythingIsWritten(int days, bool hold)
    {
        await StageAsync(Under.Store, Id);
        var options = BlobTestStore.OptionsFor(Under.Options.ServiceUri!);
        (options.Container, options.ImmutableDays, options.LegalHold) = (Under.Options.Container, days, hold);

        var result = await Under.Open(Under.Access, options).EnsureStoredAsync(Manifest(), default);

        Assert.Contains("version-level immutability", Assert.Single(result.Faults).Message, StringComparison.Ordinal);
        Assert.Null(await Under.Store.TryReadManifestAsync(Id, default));
    }
}
