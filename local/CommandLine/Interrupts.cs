using System.Runtime.InteropServices;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP as two requests: the first asks to end in good order (and revoke), the second not to wait any longer.
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
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                interrupts.Raise();
            }));
        }

        return interrupts;
    }

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

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _end.Dispose();
        _now.Dispose();
    }
}
