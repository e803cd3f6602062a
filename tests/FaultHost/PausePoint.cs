namespace CaptureFlow.FaultHost;

/// <summary>
/// A place in the flow, e.g. <c>grant:before</c>, where the host stops, once: until a line comes on standard input, or for ever when none does.
/// </summary>
internal sealed class PausePoint(string? name)
{
    private int _reached;
    private volatile bool _wentOn;

    public async Task ReachedAsync(string point)
    {
        if (point != name || _wentOn)
        {
            return;
        }

        // A host that stands still does so with whatever else comes by here, such as the same step whose lease has run out.
        if (Interlocked.Exchange(ref _reached, 1) == 1)
        {
            await Task.Delay(Timeout.Infinite);
        }

        Console.WriteLine($"paused {point}");
        // Standard input that ends says nothing: whoever wants the host to go on writes a line. A console read ignores cancellation, so
        // it has a thread of its own.
        if (await Task.Run(Console.In.ReadLine) is null)
        {
            await Task.Delay(Timeout.Infinite);
        }

        _wentOn = true;
    }

    public async Task<T> AroundAsync<T>(string step, Func<Task<T>> call)
    {
        await ReachedAsync(step + ":before");
        var result = await call();
        await ReachedAsync(step + ":after");
        return result;
    }
}
