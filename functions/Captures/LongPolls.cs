namespace CaptureFlow.Functions.Captures;

/// <summary>
/// Places for requests that wait for a change. Whoever waits holds one of the instance's HTTP slots, so that waiting is bounded for each caller and in
/// all: orders, stops and cancels always find a slot.
/// </summary>
public sealed class LongPolls
{
    /// <summary>In all, on one instance.</summary>
    /// <value>8: half of the 16 requests that an instance takes at once on Azure (<c>httpPerInstance</c> in infra/bicep/main.bicep).</value>
    public const int Most = 8;

    /// <summary>For one caller, by its stable id. Callers that share an id (anonymous, or with the function key) share these.</summary>
    /// <value>4: half of <see cref="Most"/>, so that no caller alone takes all of them.</value>
    public const int MostOfACaller = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _waiting = [];
    private int _all;

    /// <summary>A place to wait, given back when disposed; null when there is none, and the answer must not wait.</summary>
    /// <param name="callerId">Stable.</param>
    public IDisposable? TryTake(string callerId)
    {
        lock (_lock)
        {
            var own = _waiting.GetValueOrDefault(callerId);
            if (_all >= Most || own >= MostOfACaller)
            {
                return null;
            }

            _waiting[callerId] = own + 1;
            _all++;
            return new Place(this, callerId);
        }
    }

    private void GiveBack(string callerId)
    {
        lock (_lock)
        {
            _all--;
            if (--_waiting[callerId] == 0)
            {
                _waiting.Remove(callerId);
            }
        }
    }

    private sealed class Place(LongPolls polls, string callerId) : IDisposable
    {
        private LongPolls? _polls = polls;

        public void Dispose() => Interlocked.Exchange(ref _polls, null)?.GiveBack(callerId);
    }
}
