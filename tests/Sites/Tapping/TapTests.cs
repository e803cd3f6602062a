using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Tapping;

/// <summary>The tap by itself: the real script, the real tcpdump.</summary>
public sealed class TapTests
{
    private const int Snap = CaptureWindow.HeaderSnapLength;

    public static TheoryData<string> Shells => ["dash", "bash", "busybox sh"];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Window_FiveHundredPacedRequests_AreAllInTheFile(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 16 << 20), "udp port 9", shell);

        await run.SendAsync(500, 0.004);
        var summary = await run.FinishAsync(stopNow: true);

        var text = await run.ReadCaptureAsync();
        Assert.All(Enumerable.Range(1, 500), i => Assert.Contains($"request {i}.", text, StringComparison.Ordinal));
        Assert.Equal((500L, 0L, TapEnd.Stopped, 0), (summary.PacketsCaptured, summary.PacketsDroppedByKernel, summary.EndedBy, summary.ExitCode));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(run.CapturePath))), summary.Sha256);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Window_Silence_EndsOnTimeWithAValidEmptyFile(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromSeconds(2), Snap, 1 << 20), null, shell);
        var clock = Stopwatch.StartNew();

        var summary = await run.FinishAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2 + 2.5));
        Assert.Equal((CaptureWindow.FileHeaderBytes, TapEnd.Window, 0L), (summary.Bytes, summary.EndedBy, summary.PacketsCaptured));
        Assert.InRange(summary.WindowSeconds, 2.0, 2.5);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Start_LaterThanItMay_EndsAtOnceAndSaysWhen(string shell)
    {
        if (shell.StartsWith("busybox ", StringComparison.Ordinal))
        {
            Needs.Packages("busybox");
        }

        await using var late = await TapRun.StartUnawaitedAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20), null, $"env {TapSpec.StartByVariable}=2024-02-29T23:59:59Z {shell}");
        await using var timely = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20), null, $"env {TapSpec.StartByVariable}=9999-12-31T23:59:59Z {shell}");

        await late.Tap.WaitForExitAsync();

        Assert.Equal(TapScripts.TooLate, late.Tap.ExitCode);
        Assert.Matches(@"^it is \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ here, and the tap was to start by 2024-02-29T23:59:59Z$", (await late.Tap.StandardError.ReadToEndAsync()).Trim());
        Assert.Equal(TapEnd.Stopped, (await timely.FinishAsync(stopNow: true)).EndedBy);
    }

    [Fact]
    public async Task Hash_ImageWithoutOpenssl_IsSha256sums()
    {
        var folder = Directory.CreateTempSubdirectory("captureflow-tap-").FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "openssl"), "/bin/false");
        await using var run = await TapRun.StartAsync(
            new(TimeSpan.FromMinutes(1), Snap, 1 << 20), "udp port 9", $"env PATH={folder}:{Environment.GetEnvironmentVariable("PATH")} sh");

        await run.SendAsync(5, 0);
        var summary = await run.FinishAsync(stopNow: true);
        Directory.Delete(folder, recursive: true);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(run.CapturePath))), summary.Sha256);
    }

    [Fact]
    public async Task PacketBound_MoreTrafficThanAllowed_FileIsExactToTheByte()
    {
        var window = new CaptureWindow(TimeSpan.FromMinutes(1), Snap, 1 << 20, MaxPackets: 40);
        await using var run = await TapRun.StartAsync(window, "udp");

        await run.SendAsync(100, 0.001, size: 1_000);
        var summary = await run.FinishAsync();

        Assert.Equal((24L + (40 * (16 + Snap)), 40L, TapEnd.Limit), (summary.Bytes, summary.PacketsCaptured, summary.EndedBy));
        Assert.Equal(window.ByteBound, summary.Bytes);
    }

    [Fact]
    public async Task ByteBound_HeaderSnapLength_IsHeldByThePacketCount()
    {
        var window = new CaptureWindow(TimeSpan.FromMinutes(1), Snap, 10_000);
        await using var run = await TapRun.StartAsync(window, "udp");

        await run.SendAsync(100, 0.001, size: 1_000);
        var summary = await run.FinishAsync();

        Assert.Equal((24L + (36 * (16 + Snap)), TapEnd.Limit), (summary.Bytes, summary.EndedBy));
        Assert.InRange(summary.Bytes, 1, window.MaxBytes);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task ByteBound_FullSnapLength_IsHeldByTheSizeOfTheFile(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), CaptureWindow.FullSnapLength, 300_000), "udp", shell);

        await run.SendAsync(500, 0.0005, size: 1_400);
        var summary = await run.FinishAsync();

        Assert.Equal((300_000L / 512 * 512, TapEnd.Limit), (summary.Bytes, summary.EndedBy));
    }

    [Fact]
    public async Task Filter_Typo_EndsWithItsOwnExitCodeAndTcpdumpsWords()
    {
        await using var run = await TapRun.StartUnawaitedAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20), "tpc port 80");

        var code = await run.WaitExitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(TapScripts.FilterWrong, code);
        Assert.Contains("syntax error", await run.Tap.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.Folder));
    }

    [Fact]
    public async Task Stop_RightAfterTheLastPacket_KeepsTheTail()
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20), "udp port 9");
        await run.SendAsync(10, 0);

        var summary = await run.FinishAsync(stopNow: true);

        Assert.Equal((10L, TapEnd.Stopped), (summary.PacketsCaptured, summary.EndedBy));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Release_WhileItLingers_EndsAtOnceAndLeavesNothing(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromSeconds(1), Snap, 1 << 20), null, shell);
        await run.FinishAsync();

        await run.AskAsync(TapScripts.Release(run.Order.CaptureId));
        var code = await run.WaitExitAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(0, code);
        Assert.False(Directory.Exists(run.Folder));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Release_BeforeItListens_IsHeardOnceTheTapHasBegun(string shell)
    {
        await using var run = await TapRun.StartUnawaitedAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20), shell: shell);

        var deadline = Stopwatch.GetTimestamp() + (20 * Stopwatch.Frequency);
        int released;
        do
        {
            (released, _) = await run.AskAsync(TapScripts.Release(run.Order.CaptureId));
            Assert.True(released is 0 or TapScripts.NotBegun, $"exit code {released}");
        }
        while (released != 0 && Stopwatch.GetTimestamp() < deadline);

        Assert.Equal((0, 0), (released, await run.WaitExitAsync(TimeSpan.FromSeconds(5))));
        Assert.False(Directory.Exists(run.Folder));
    }

    [Fact]
    public async Task Release_InTheWindow_EndsAtOnce()
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20));

        await run.AskAsync(TapScripts.Release(run.Order.CaptureId));
        var code = await run.WaitExitAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(0, code);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Term_WithoutRelease_WritesTheSummaryAndDoesNotHoldThePodUp(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20), "udp port 9", shell);
        await run.SendAsync(5, 0);

        await run.RunAsync("sh", "-c", $"kill -TERM $(cat {run.Folder}/pid)");
        var code = await run.WaitExitAsync(TimeSpan.FromSeconds(5));

        var summary = SummaryText.TryRead(await File.ReadAllTextAsync(Path.Combine(run.Folder, "summary")));
        Assert.Equal((0, 5L, TapEnd.Terminated), (code, summary?.PacketsCaptured, summary?.EndedBy));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Term_PodOfSomebodyElse_IsHeldUpUntilTheFileWasFetched(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20), "udp port 9", shell, hold: TimeSpan.FromMinutes(1));
        await run.SendAsync(5, 0);

        await run.RunAsync("sh", "-c", $"kill -TERM $(cat {run.Folder}/pid)");
        var summary = await run.FinishAsync();
        var (read, answer) = await run.AskAsync(TapScripts.Observe(run.Order.CaptureId));
        var held = !run.Tap.HasExited;
        await run.AskAsync(TapScripts.Release(run.Order.CaptureId));
        var code = await run.WaitExitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal((5L, TapEnd.Terminated), (summary.PacketsCaptured, summary.EndedBy));
        Assert.Equal((0, $"{summary.Bytes} ended"), (read, answer.Trim()));
        Assert.Equal((true, 0), (held, code));
        Assert.False(Directory.Exists(run.Folder));
    }

    [Fact]
    public async Task Term_WhileItLingers_IsHeldUpForNoLongerThanItMay()
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromSeconds(1), Snap, 1 << 20), linger: TimeSpan.FromMinutes(5), hold: TimeSpan.FromSeconds(1));
        var summary = await run.FinishAsync();

        var began = Stopwatch.GetTimestamp();
        await run.RunAsync("sh", "-c", $"kill -TERM $(cat {run.Folder}/pid)");
        var code = await run.WaitExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((0, TapEnd.Window), (code, summary.EndedBy));
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(0.9), "it did not hold the pod up");
    }

    [Fact]
    public async Task Deadline_NobodyReleases_EndsByItself()
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromSeconds(1), Snap, 1 << 20), linger: TimeSpan.FromSeconds(4));
        await run.FinishAsync();

        var code = await run.WaitExitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, code);
        Assert.False(Directory.Exists(run.Folder));
    }

    [Fact]
    public async Task Tcpdump_Killed_IsReportedAsDied()
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20));

        await run.RunAsync("sh", "-c", "for p in /proc/[0-9]*; do [ \"$(cat $p/comm)\" = tcpdump ] && kill -KILL ${p#/proc/}; done");
        var summary = await run.FinishAsync();

        Assert.Equal(TapEnd.Died, summary.EndedBy);
        Assert.NotEqual(0, summary.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Disk_Full_EndsTheWindowAndHasRoomForItsAccount(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(5), CaptureWindow.FullSnapLength, 16 << 20), "udp", shell, disk: "256k");

        await run.SendAsync(500, 0.002, size: 1_400);
        var summary = await run.FinishAsync();

        Assert.Equal(TapEnd.Full, summary.EndedBy);
        Assert.InRange(summary.Bytes, 100_000, 256 << 10);
        Assert.InRange(summary.WindowSeconds, 0, 60);
        Assert.Equal(64, summary.Sha256.Length);
    }

    [Fact]
    public async Task Read_FromAnOffset_GivesTheFileFromItsBlockOn()
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), CaptureWindow.FullSnapLength, 4 << 20), "udp");
        await run.SendAsync(2_000, 0, size: 1_400);
        var summary = await run.FinishAsync(stopNow: true);
        Assert.InRange(summary.Bytes, 1 << 20, 4 << 20);

        var (code, answer) = await run.RunAsync(["sh", "-c", "\"$@\" | wc -c", "sh", .. TapScripts.Read(run.Order.CaptureId, 1)]);

        Assert.Equal(0, code);
        Assert.Equal(summary.Bytes - (1 << 16), long.Parse(answer, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Observe_WhileItRuns_SaysSoWithTheSize()
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromMinutes(1), Snap, 1 << 20));

        var (code, answer) = await run.AskAsync(TapScripts.Observe(run.Order.CaptureId));

        Assert.Equal(0, code);
        Assert.EndsWith(" running", answer.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Script_InAContainersCommand_IsLeftAsItIsByKubernetes()
    {
        var command = TapScripts.Tap(new("cf-0", TimeSpan.Zero, TimeSpan.Zero, 0, 0, true), ["tcpdump"]);

        Assert.DoesNotContain("$$", command[2], StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\$\([A-Za-z_][A-Za-z0-9_.-]*\)", command[2]);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Canary_FilterAdmitsIt_IsInTheFileAtBothEnds(string shell)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromSeconds(1), Snap, 1 << 20), null, shell, canary: true);

        var summary = await run.FinishAsync();

        var word = run.Order.CaptureId[CaptureIds.Prefix.Length..];
        var text = await run.ReadCaptureAsync();
        Assert.Equal((2, TapEnd.Window), (summary.Canaries, summary.EndedBy));
        Assert.Contains(word, text, StringComparison.Ordinal);
        Assert.Contains(word + ".", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp port 80", null)]
    [InlineData("not host 127.0.0.1", null)]
    [InlineData("ip6", null)]
    [InlineData("udp port 9", 2)]
    [InlineData("not tcp", 2)]
    public async Task Canary_ByFilter_IsSentOnlyWhereItCanBeSeen(string filter, int? canaries)
    {
        await using var run = await TapRun.StartAsync(new(TimeSpan.FromSeconds(1), Snap, 1 << 20), filter, canary: true);

        var summary = await run.FinishAsync();

        Assert.Equal(canaries, summary.Canaries);
        Assert.Equal(canaries is null ? 0 : 1, Math.Min(1, summary.PacketsCaptured ?? -1));
    }
}
