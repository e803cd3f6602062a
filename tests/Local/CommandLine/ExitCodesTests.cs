using System.Globalization;
using System.Reflection;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData(CaptureState.Completed, Verdict.Complete, true, 0)]
    [InlineData(CaptureState.Completed, Verdict.Complete, false, 5)]
    [InlineData(CaptureState.Completed, Verdict.Empty, true, 10)]
    [InlineData(CaptureState.Completed, Verdict.LimitReached, true, 11)]
    [InlineData(CaptureState.Completed, Verdict.Lossy, true, 12)]
    [InlineData(CaptureState.Completed, Verdict.Partial, true, 13)]
    [InlineData(CaptureState.Completed, Verdict.Failed, true, 4)]
    [InlineData(CaptureState.Completed, null, true, 4)]
    [InlineData(CaptureState.Refused, null, false, 3)]
    [InlineData(CaptureState.Cancelled, null, true, 130)]
    [InlineData(CaptureState.Failed, null, true, 4)]
    [InlineData(CaptureState.RevokeUnproven, Verdict.Complete, false, 5)]
    public void Of_Outcome_ItsOwnCode(CaptureState state, Verdict? verdict, bool proven, int expected) =>
        Assert.Equal(expected, ExitCodes.Of(state, verdict, proven));

    [Fact]
    public void Table_EveryCode_IsDocumentedOnce()
    {
        var codes = typeof(ExitCodes).GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.FieldType == typeof(int)).Select(f => (int)f.GetRawConstantValue()!);

        var documented = ExitCodes.Table.Split('\n').Skip(1).Select(line => int.Parse(line.Trim().Split(' ')[0], CultureInfo.InvariantCulture));

        Assert.Equal(codes.Order(), documented);
    }
}
