namespace CaptureFlow.FaultHost;

/// <summary>A place in the flow, e.g. <c>grant:before</c>, where the host stops for ever.</summary>
internal sealed class PausePoint(string? name)
{
    public async Task ReachedAsync(string point)
    {
        if (point == name)
        {
            Console.WriteLine($"paused {point}");
            await Task.Delay(Timeout.Infinite);
        }
    }

    public async Task<T> AroundAsync<T>(string step, Func<Task<T>> call)
    {
        await ReachedAsync(step + ":before");
        var result = await call();
        await ReachedAsync(step + ":after");
        return result;
    }
}
