using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class InterruptsTests
{
    [Fact]
    public void EndInOrder_SaidByKernelShellAndWrite_IsNeverTakenForImpatience()
    {
        using Interrupts interrupts = new();

        interrupts.EndInOrder();
        interrupts.EndInOrder();
        interrupts.EndInOrder();

        Assert.Equal((true, false), (interrupts.End.IsCancellationRequested, interrupts.Now.IsCancellationRequested));
    }

    [Fact]
    public void Raise_AfterTheTerminalWent_StillCountsFromOne()
    {
        using Interrupts interrupts = new();

        interrupts.EndInOrder();
        interrupts.Raise();
        var first = interrupts.Now.IsCancellationRequested;
        interrupts.Raise();

        Assert.Equal((false, true), (first, interrupts.Now.IsCancellationRequested));
    }
}
