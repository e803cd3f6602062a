using System.Runtime.InteropServices;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// Ctrl-C and SIGTERM as two requests: the first asks to end in good order (and revoke), the second not to wait any longer. A terminal that goes away
/// asks for the first alone, however often it says so: kernel, shell and the next write may each tell of it.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _now = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    /// <summary>Asked to end in good order.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Asked a second time.</summary>
    public CancellationToken Now => _now.Token;

    /// <summary>Listens to this process's signals until disposed.</summary>
    public static Interrupts OfProcess()
    {
        Interrupts interrupts = new();
        interrupts.On(PosixSignal.SIGINT, interrupts.Raise);
        interrupts.On(PosixSignal.SIGTERM, interrupts.Raise);
        interrupts.On(PosixSignal.SIGHUP, interrupts.EndInOrder);
        return interrupts;
    }

    /// <summary>A person, or whoever stops services, asks; a second time means not to wait.</summary>
    public void Raise()
    {
        if (Interlocked.Increment(ref _count) == 1)
        {
            _end.Cancel();
        }
        else
        {
            _now.Cancel();
        }
    }

    /// <summary>
    /// Nobody is there any more to see the end. What waits for it goes on elsewhere: this is said from within a write, under the locks of console and view.
    /// </summary>
    public void EndInOrder() => _ = _end.CancelAsync();

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _end.Dispose();
        _now.Dispose();
    }

    private void On(PosixSignal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));
}
