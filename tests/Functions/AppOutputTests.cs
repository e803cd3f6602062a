using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Tests;

/// <summary>What building the app gives the Functions host to run: <c>func start</c> runs in that folder, and a publish is a copy of it.</summary>
public sealed class AppOutputTests
{
    // The same configuration as the tests were built in.
    private static readonly string Output = Repository.Path("functions", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");

    [Theory]
    [InlineData("host.json")]
    [InlineData("extensions.json")]
    [InlineData("functions.metadata")]
    [InlineData("worker.config.json")]
    [InlineData(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.DurableTask.dll")]
    [InlineData("CaptureFlow.Functions.dll")]
    public void Output_WhatTheHostReads_IsThere(string file) => Assert.True(new FileInfo(Path.Combine(Output, file)) is { Exists: true, Length: > 0 }, file);

    [Fact]
    public void Metadata_NamesEveryFunction()
    {
        var functions =
            from type in typeof(AddCaptureFlowExtensions).Assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            let function = method.GetCustomAttribute<FunctionAttribute>()
            where function is not null
            select (function.Name, Entry: $"{type.FullName}.{method.Name}");

        var metadata = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "functions.metadata")))!.AsArray();

        Assert.Equal(
            functions.Order(),
            metadata.Select(function => (function!["name"]!.GetValue<string>(), function["entryPoint"]!.GetValue<string>())).Order());
    }

    [Fact]
    public void Metadata_OfHttpFunctions_HasTheRoutesAndMethodsOfTheContract()
    {
        var metadata = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "functions.metadata")))!.AsArray();
        var triggers = metadata.SelectMany(function => function!["bindings"]!.AsArray()).Where(binding => binding!["type"]!.GetValue<string>() == "httpTrigger").ToList();

        Assert.Contains(triggers, trigger => trigger!["route"]!.GetValue<string>() == "captures/{id}/files/{name}"
            && trigger["methods"]!.AsArray().Select(method => method!.GetValue<string>()).SequenceEqual(["get", "head"]));
        Assert.All(triggers, trigger => Assert.False(string.IsNullOrEmpty(trigger!["route"]?.GetValue<string>())));
    }

    [Fact]
    public void Metadata_OfTimers_AsksForNoRunAtStart()
    {
        var metadata = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "functions.metadata")))!.AsArray();
        var triggers = metadata.SelectMany(function => function!["bindings"]!.AsArray()).Where(binding => binding!["type"]!.GetValue<string>() == "timerTrigger").ToList();

        Assert.NotEmpty(triggers);
        Assert.All(triggers, trigger =>
        {
            Assert.NotEqual(true, trigger!["runOnStartup"]?.GetValue<bool>());
            // Without its record of runs, one that was missed would not be made up for.
            Assert.NotEqual(false, trigger["useMonitor"]?.GetValue<bool>());
        });
    }

    [Fact]
    public void Host_TypeConnectionAndHub_AreThoseOfTheBackend()
    {
        var durable = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "host.json")))!["extensions"]!["durableTask"]!;

        Assert.Equal(
            ("AzureStorage", "AzureWebJobsStorage", "CaptureFlow"),
            (durable["storageProvider"]!["type"]!.GetValue<string>(), durable["storageProvider"]!["connectionStringName"]!.GetValue<string>(), durable["hubName"]!.GetValue<string>()));
    }

    [Fact]
    public void Host_WorkerThatDies_ItsStepIsTakenUpWithinAMinute()
    {
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "host.json")))!;
        var storage = host["extensions"]!["durableTask"]!["storageProvider"]!;

        Assert.Equal("00:01:00", storage["controlQueueVisibilityTimeout"]!.GetValue<string>());
        Assert.Equal("00:01:00", storage["workItemQueueVisibilityTimeout"]!.GetValue<string>());
    }
}
