using System.Reflection;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>
/// Every code that there is can be read up in docs/errors.md, and is produced here by a running host on the sandbox: with a message, a remedy,
/// the other side's own words, and where the table says that it surfaces. A new code without a row or without a way to it fails.
/// </summary>
public sealed class ErrorCodeTests(ErrorHost host) : IClassFixture<ErrorHost>, IAsyncLifetime
{
    public static TheoryData<string> Codes() => [.. Constants()];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await host.Sandbox.ClearFaultsAsync();

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Code_ProducedByARunningHost_HasARemedyAndTheOtherSidesWords(string code)
    {
        var (words, produce) = OrderErrors.All.TryGetValue(code, out var known) ? known : CaptureErrors.All[code];

        var seen = await produce(host);

        var fault = seen.Faults.FirstOrDefault(fault => fault.Code == code);
        Assert.True(fault is not null, $"{seen.Where}: {string.Join('\n', seen.Faults)}\n{host.Log}");
        Assert.False(string.IsNullOrWhiteSpace(fault.Message));
        Assert.False(string.IsNullOrWhiteSpace(fault.Remedy));
        CheckWords(words, fault.Detail);
        Assert.Contains(seen.Where, ErrorTable.Rows.Single(row => row.Code == code).Where);
    }

    [Fact]
    public void Table_RowsAndCodes_AreTheSame()
    {
        Assert.Equal(Constants().Order(StringComparer.Ordinal), ErrorTable.Rows.Select(row => row.Code).Order(StringComparer.Ordinal));
        Assert.All(ErrorTable.Rows, row => Assert.True(row.Texts.Count == 3 && !row.Texts.Any(string.IsNullOrWhiteSpace), row.Code));
    }

    [Fact]
    public async Task Captures_Failed_LeftNothingBehind()
    {
        await host.CaptureAsync(ErrorHost.Order("nosuch"));

        Assert.Equal([$"serviceaccount captureflow/{ErrorHost.Unmarked}"], await host.Sandbox.LeftOversAsync());
    }

    private static void CheckWords(string? words, string? detail)
    {
        if (words is null)
        {
            // Nobody else was asked, so there are no words of anybody else.
            Assert.Null(detail);
            return;
        }

        Assert.NotEmpty(words);
        Assert.Contains(words, detail, StringComparison.Ordinal);
        Assert.InRange(detail!.Length, 1, 1_000);
    }

    private static IEnumerable<string> Constants() => typeof(FaultCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!);
}
