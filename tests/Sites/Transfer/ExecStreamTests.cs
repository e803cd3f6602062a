using System.Net.WebSockets;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Transfer;

/// <summary>The pump against a real WebSocket server.</summary>
public sealed class ExecStreamTests
{
    private static readonly ExecLimits Generous = new(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Pump_FloodIntoASlowSink_LosesNothing()
    {
        const int chunks = 4_000;
        await using var server = await ExecServer.StartAsync(async (socket, _) =>
        {
            var chunk = new byte[32 * 1024];
            for (var i = 0; i < chunks; i++)
            {
                await ExecServer.SendAsync(socket, 1, chunk);
            }

            await ExecServer.SendStatusAsync(socket, ExecServer.Success);
            await ExecServer.CloseAsync(socket);
        });
        using var client = await server.ConnectAsync();
        long received = 0;
        var reads = 0;

        var outcome = await ExecStream.PumpAsync(
            client,
            async (bytes, token) =>
            {
                received += bytes.Length;
                // Now and then far slower than the sender, so that only back-pressure can keep what is sent.
                if (++reads % 400 == 0)
                {
                    await Task.Delay(20, token);
                }
            },
            Generous,
            TimeProvider.System,
            CancellationToken.None);

        Assert.Equal((ExecEnd.Exited, 0, 32L * 1024 * chunks, 32L * 1024 * chunks), (outcome.End, outcome.ExitCode, outcome.Bytes, received));
    }

    [Fact]
    public async Task Pump_ClosedWithoutStatus_IsTruncatedWithItsByteCount()
    {
        await using var server = await ExecServer.StartAsync(async (socket, _) =>
        {
            await ExecServer.SendAsync(socket, 1, "abc"u8);
            await ExecServer.CloseAsync(socket);
        });

        var outcome = await PumpAsync(server);

        Assert.Equal((ExecEnd.Truncated, null, 3L), (outcome.End, outcome.ExitCode, outcome.Bytes));
    }

    [Fact]
    public async Task Pump_ConnectionTornDown_IsTruncatedWithItsByteCount()
    {
        var arrived = new TaskCompletionSource();
        await using var server = await ExecServer.StartAsync(async (socket, context) =>
        {
            await ExecServer.SendAsync(socket, 1, "abcd"u8);
            await arrived.Task;
            context.Abort();
        });

        var outcome = await PumpAsync(server, onBytes: arrived.SetResult);

        Assert.Equal((ExecEnd.Truncated, null, 4L), (outcome.End, outcome.ExitCode, outcome.Bytes));
    }

    [Fact]
    public async Task Pump_StatusAndThenNoClose_IsSuccess()
    {
        await using var server = await ExecServer.StartAsync(async (socket, context) =>
        {
            await ExecServer.SendAsync(socket, 1, "abc"u8);
            await ExecServer.SendStatusAsync(socket, ExecServer.Success);
            await HangAsync(context);
        });

        var outcome = await PumpAsync(server);

        Assert.Equal((ExecEnd.Exited, 0, 3L), (outcome.End, outcome.ExitCode, outcome.Bytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(124)]
    public async Task Pump_NonZeroExit_GivesCodeAndStderr(int code)
    {
        await using var server = await ExecServer.StartAsync(async (socket, _) =>
        {
            await ExecServer.SendAsync(socket, 2, "no such file"u8);
            await ExecServer.SendStatusAsync(socket, ExecServer.Exited(code));
            await ExecServer.CloseAsync(socket);
        });

        var outcome = await PumpAsync(server);

        Assert.Equal((ExecEnd.Exited, code, "no such file"), (outcome.End, outcome.ExitCode, outcome.Errors));
    }

    [Fact]
    public async Task Pump_CommandThatNeverStarted_HasNoExitCodeAndTheServersWords()
    {
        await using var server = await ExecServer.StartAsync(async (socket, _) =>
        {
            await ExecServer.SendStatusAsync(socket, """{"status":"Failure","reason":"InternalError","message":"no such container"}""");
            await ExecServer.CloseAsync(socket);
        });

        var outcome = await PumpAsync(server);

        Assert.Equal((ExecEnd.Exited, null, "no such container"), (outcome.End, outcome.ExitCode, outcome.Words));
    }

    [Fact]
    public async Task Pump_StatusThatIsNoJson_IsTruncated()
    {
        await using var server = await ExecServer.StartAsync(async (socket, _) =>
        {
            await ExecServer.SendStatusAsync(socket, """{"status":"Succ""");
            await ExecServer.CloseAsync(socket);
        });

        var outcome = await PumpAsync(server);

        Assert.Equal(ExecEnd.Truncated, outcome.End);
    }

    [Fact]
    public async Task Pump_FragmentedMessage_HasItsChannelInTheFirstFragmentOnly()
    {
        await using var server = await ExecServer.StartAsync(async (socket, _) =>
        {
            await socket.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
            await socket.SendAsync(new byte[] { 2, 3 }, WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
            await socket.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            await ExecServer.SendStatusAsync(socket, ExecServer.Success);
        });
        var received = new MemoryStream();

        var outcome = await PumpAsync(server, received);

        Assert.Equal((ExecEnd.Exited, 3L), (outcome.End, outcome.Bytes));
        Assert.Equal([2, 3, 1], received.ToArray());
    }

    [Fact]
    public async Task Pump_Silence_Stalls()
    {
        await using var server = await ExecServer.StartAsync(async (socket, context) =>
        {
            await ExecServer.SendAsync(socket, 1, "abc"u8);
            await HangAsync(context);
        });

        var outcome = await PumpAsync(server, limits: new(TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(300)));

        Assert.Equal((ExecEnd.Stalled, 3L), (outcome.End, outcome.Bytes));
    }

    [Fact]
    public async Task Pump_EndlessTrickle_TimesOut()
    {
        await using var server = await ExecServer.StartAsync(async (socket, context) =>
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await pace.WaitForNextTickAsync(context.RequestAborted))
            {
                await ExecServer.SendAsync(socket, 2, "."u8);
            }
        });

        var outcome = await PumpAsync(server, limits: new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30)));

        Assert.Equal(ExecEnd.TimedOut, outcome.End);
    }

    [Fact]
    public async Task Pump_Cancelled_Throws()
    {
        await using var server = await ExecServer.StartAsync((_, context) => HangAsync(context));
        using var client = await server.ConnectAsync();
        using var cancel = new CancellationTokenSource();

        var pump = ExecStream.PumpAsync(client, (_, _) => ValueTask.CompletedTask, Generous, TimeProvider.System, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump);
    }

    private static async Task<ExecOutcome> PumpAsync(ExecServer server, MemoryStream? into = null, ExecLimits? limits = null, Action? onBytes = null)
    {
        using var client = await server.ConnectAsync();
        return await ExecStream.PumpAsync(
            client,
            (bytes, _) =>
            {
                into?.Write(bytes.Span);
                onBytes?.Invoke();
                return ValueTask.CompletedTask;
            },
            limits ?? Generous,
            TimeProvider.System,
            CancellationToken.None);
    }

    private static async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
