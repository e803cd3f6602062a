using CaptureFlow.Orchestrations;
using Google.Cloud.Compute.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// Asks Compute Engine, and asks again while it is overloaded or out of reach. The one place where its client's exceptions are understood. Every
/// request that goes through here may be repeated: reads, and writes under a fingerprint.
/// </summary>
internal sealed class ComputeCalls(ComputeClients clients, TimeProvider time, ILogger<ComputeCalls> logger)
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>The answer.</summary>
    /// <param name="what">In words, after "to".</param>
    /// <param name="call">May be made more than once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GceRefusalException">Google said no.</exception>
    /// <exception cref="ComputeConflictException">Somebody else's write came first.</exception>
    /// <exception cref="StepUnavailableException">No answer for as long as is worth waiting.</exception>
    public async Task<T> AskAsync<T>(string what, Func<InstancesClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        await RepeatAsync(what, async token => await call(await clients.InstancesAsync(token), token), cancellationToken);

    /// <inheritdoc cref="AskAsync"/>
    public async Task<T> AskProjectsAsync<T>(string what, Func<ProjectsClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        await RepeatAsync(what, async token => await call(await clients.ProjectsAsync(token), token), cancellationToken);

    /// <summary>Waits between two looks at something that changes by itself.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);

    private async Task<T> RepeatAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + RetryFor;
        var pause = FirstPause;
        while (true)
        {
            Exception failure;
            using (var cap = new CancellationTokenSource(Cap, time))
            using (var both = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken))
            {
                try
                {
                    return await call(both.Token);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && Refusal(what, e) is { } refusal)
                {
                    throw refusal;
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is RpcException or HttpRequestException or IOException or OperationCanceledException)
                {
                    failure = e;
                }
            }

            var wait = pause * (0.5 + Random.Shared.NextDouble());
            if (time.GetUtcNow() + wait > deadline)
            {
                throw new StepUnavailableException($"{what}: {Words(failure)}", failure);
            }

            logger.AsksAgain(what, Words(failure), wait.TotalMilliseconds);
            await Task.Delay(wait, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Google's REST clients tell HTTP's status as the nearest of gRPC's: 412 is FailedPrecondition, 409 Aborted.
    private static Exception? Refusal(string what, Exception exception) => exception switch
    {
        RpcException { StatusCode: StatusCode.FailedPrecondition or StatusCode.Aborted } conflict => new ComputeConflictException(Words(conflict), conflict),
        RpcException { StatusCode: StatusCode.NotFound } absent => new GceRefusalException(GceFaults.Failed(what, Words(absent)), absent: true, absent),
        RpcException { StatusCode: StatusCode.PermissionDenied } denied => new GceRefusalException(GceFaults.Denied(what, Words(denied)), inner: denied),
        RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.InvalidArgument or StatusCode.Unimplemented or StatusCode.OutOfRange } no =>
            new GceRefusalException(GceFaults.Failed(what, Words(no)), inner: no),
        // What the credential library throws when there is no credential at all.
        InvalidOperationException none => new GceRefusalException(
            new(FaultCodes.CredentialsFailed, "CaptureFlow gets no token of Google.", $"Mend {GceOptions.Section}:Credential.", Detail: none.Message), inner: none),
        _ => null,
    };

    private static string Words(Exception exception) => exception switch
    {
        RpcException rpc => $"{rpc.StatusCode}: {rpc.Status.Detail}",
        OperationCanceledException => "no answer in time",
        _ => exception.Message,
    };
}
