using CaptureFlow.Functions;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Local.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Local.Tests.Hosting;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Discover_HttpFunctions_RouteAndMethodsOfTheTrigger()
    {
        var catalog = FunctionCatalog.Discover(typeof(SampleHttp));

        var item = catalog.Http.Single(f => f.Function.Name == "Item");
        Assert.Equal("items/{id}/parts/{number}", item.Route);
        Assert.Equal(["GET", "DELETE"], item.Methods);
        Assert.Equal("Broken", catalog.Http.Single(f => f.Function.Name == "Broken").Route);
    }

    [Fact]
    public void Discover_StepsAndTimers_NamesInputsAndSchedules()
    {
        var catalog = FunctionCatalog.Discover(typeof(SampleSteps), typeof(SampleTimer));

        Assert.Equal(("Twice", typeof(Sample)), catalog.Orchestrators.Select(f => (f.Function.Name, f.InputType)).Single());
        Assert.Equal(("Note", typeof(string)), catalog.Activities.Select(f => (f.Function.Name, f.InputType)).Single());
        Assert.Equal(("Tick", "*/10 * * * * *", true), catalog.Timers.Select(f => (f.Function.Name, f.Schedule, f.RunOnStartup)).Single());
    }

    [Fact]
    public void Discover_ReaperAndWatch_AlsoRunAtStart()
    {
        var catalog = FunctionCatalog.Discover(typeof(ReaperFunction), typeof(CaptureWatchFunction), typeof(RetentionFunction));

        Assert.Equal([("CaptureWatch", true), ("Reaper", true), ("Retention", false)], catalog.Timers.Select(f => (f.Function.Name, f.RunOnStartup)));
    }

    [Theory]
    [InlineData(typeof(UnknownParameter), "'Odd'", "HttpRequest, [DurableClient] DurableTaskClient, FunctionContext, CancellationToken")]
    [InlineData(typeof(NoTrigger), "'Idle'", "exactly one of")]
    [InlineData(typeof(KeyOfTheHost), "'Keyed'", "ask the access gate")]
    public void Discover_FunctionThatCannotRun_RefusedWithItsNameAndTheRemedy(Type type, string name, string remedy)
    {
        var refusal = Assert.Throws<HostRefusedException>(() => FunctionCatalog.Discover(type));

        Assert.Contains(name, refusal.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_OneNameTwice_RefusedWithBothPlaces()
    {
        var refusal = Assert.Throws<HostRefusedException>(() => FunctionCatalog.Discover(typeof(SampleHttp), typeof(TwinName)));

        Assert.Contains("SampleHttp.EchoAsync", refusal.Problem, StringComparison.Ordinal);
        Assert.Contains("TwinName.Twin", refusal.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_TheFunctionsApp_EveryFunctionCanRunHere()
    {
        var types = typeof(AddCaptureFlowExtensions).Assembly.GetTypes();
        var declared = types.SelectMany(t => t.GetMethods()).Count(m => m.IsDefined(typeof(FunctionAttribute), inherit: false));

        var catalog = FunctionCatalog.Discover(types);

        Assert.Equal(declared, catalog.All.Count());
        Assert.Contains(catalog.Http, f => f.Route == "captures" && f.Methods.Contains("POST"));
        Assert.Contains(catalog.Orchestrators, f => f.Function.Name == "CaptureOrchestrator");
        Assert.NotEmpty(catalog.Timers);
    }
}
