using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class FleetDeliveryTests
{
    [Theory]
    [InlineData(ExitCodes.Complete, ExitCodes.Complete, ExitCodes.Empty)]
    [InlineData(ExitCodes.Empty, ExitCodes.Empty, ExitCodes.Empty)]
    [InlineData(ExitCodes.LimitReached, ExitCodes.Complete, ExitCodes.LimitReached, ExitCodes.Empty)]
    [InlineData(ExitCodes.Lossy, ExitCodes.LimitReached, ExitCodes.Lossy, ExitCodes.Complete)]
    [InlineData(ExitCodes.Partial, ExitCodes.Complete, ExitCodes.Partial)]
    [InlineData(ExitCodes.Partial, ExitCodes.Complete, ExitCodes.Failed)]
    [InlineData(ExitCodes.Partial, ExitCodes.Complete, ExitCodes.Refused)]
    [InlineData(ExitCodes.RevokeUnproven, ExitCodes.Complete, ExitCodes.RevokeUnproven, ExitCodes.Failed)]
    [InlineData(ExitCodes.Refused, ExitCodes.Refused, ExitCodes.Refused)]
    [InlineData(ExitCodes.Failed, ExitCodes.Refused, ExitCodes.Failed)]
    public void Combine_SeveralPods_WhatTheirFilesAreWorth(int expected, params int[] codes)
    {
        var members = codes.Select(code => new CaptureResult { ExitCode = code, Path = code is ExitCodes.Failed or ExitCodes.Refused ? null : "x.pcap" }).ToList();

        Assert.Equal(expected, FleetDelivery.Combine(ExitCodes.Complete, members));
    }
}
