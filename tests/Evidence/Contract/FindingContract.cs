using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public abstract class FindingContract : StoreContractTest
{
    [Fact]
    public async Task FindAsync_SeveralDays_NewestFirstWithoutTheUnreadable()
    {
        var ids = await StoreAllAsync([0, 30, -30, 1, 24 * 400], (plan, _) => plan);
        await Under.ReplaceAsync(ids[1], "manifest.json", "{ \"schema\":"u8.ToArray());

        Assert.Equal([ids[4], ids[3], ids[0], ids[2]], Ids(await FindAsync(CaptureFilter.All)));
    }

    [Fact]
    public async Task FindAsync_EachField_FindsWhatMatchesExactly()
    {
        var ids = await StoreAllAsync([0, 1, 48], (plan, i) => plan with
        {
            Order = plan.Order with { Target = new(i == 1 ? "pay" : "shop", $"web-{i}"), RequestedBy = i == 2 ? "ada@example.com" : "zoë <z@example.com>" },
        });

        Assert.Equal([ids[1]], Ids(await FindAsync(new() { Namespace = "pay" })));
        Assert.Equal([ids[2], ids[0]], Ids(await FindAsync(new() { Namespace = "shop" })));
        Assert.Equal([ids[0]], Ids(await FindAsync(new() { Pod = "web-0" })));
        Assert.Equal([ids[1], ids[0]], Ids(await FindAsync(new() { RequestedBy = "zoë <z@example.com>" })));
        Assert.Equal([ids[2]], Ids(await FindAsync(new() { RequestedBy = "ada@example.com" })));
        Assert.Empty(await FindAsync(new() { RequestedBy = "ada_example.com" }));
        Assert.Empty(await FindAsync(new() { Verdict = Verdict.Lossy }));
        Assert.Equal(ids.AsEnumerable().Reverse(), Ids(await FindAsync(new() { Verdict = Verdict.Complete })));
        Assert.Equal([ids[1]], Ids(await FindAsync(new() { From = Make.Noon.AddHours(1), To = Make.Noon.AddHours(48) })));
        Assert.Equal([ids[2]], Ids(await FindAsync(new() { Namespace = "shop", From = Make.Noon.AddHours(1) })));
        Assert.Empty(await FindAsync(new() { Cluster = "west" }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindAsync_PageByPage_ShowsEachOnceInOrder(bool filtered)
    {
        var ids = await StoreAllAsync([0, 0, 0, 24, 24, 48], (plan, _) => plan);
        var filter = filtered ? new CaptureFilter { Namespace = "shop" } : CaptureFilter.All;
        var whole = Ids(await FindAsync(filter));

        List<string> paged = [];
        for (CaptureCursor? after = null; paged.Count < 10;)
        {
            var page = (await FindAsync(filter, after)).Take(2).ToList();
            if (page.Count == 0)
            {
                break;
            }

            paged.AddRange(Ids(page));
            after = CaptureCursor.TryParse(CaptureCursor.Of(CaptureFacts.Of(page[^1])).ToToken());
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), whole.Order(StringComparer.Ordinal));
        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task FindAsync_OneFromTwoDaysAgoAndOneFromNow_FindsBoth()
    {
        var hours = (TimeProvider.System.GetUtcNow() - Make.Noon).TotalHours;
        var ids = await StoreAllAsync([hours, hours - 72, hours - 20], (plan, _) => plan);

        Assert.Equal([ids[0], ids[2], ids[1]], Ids(await FindAsync(new() { Namespace = "shop" })));
    }

    private async Task<List<string>> StoreAllAsync(double[] hours, Func<CapturePlan, int, CapturePlan> change)
    {
        List<string> ids = [];
        for (var i = 0; i < hours.Length; i++)
        {
            ids.Add(CaptureIds.New());
            var plan = Make.Plan(ids[i]);
            plan = change(plan with { Order = plan.Order with { RequestedAt = Make.Noon.AddHours(hours[i]) } }, i);
            await Under.StageAsync(ids[i], Bytes);
            await StoreAsync(Manifest(Bytes) with { Plan = plan });
        }

        return ids;
    }

    private static IEnumerable<string> Ids(IEnumerable<CaptureManifest> manifests) => manifests.Select(manifest => manifest.Plan.Order.CaptureId);
}
