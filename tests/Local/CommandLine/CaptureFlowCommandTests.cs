using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class CaptureFlowCommandTests
{
    [Theory]
    [InlineData("capture -n shop web")]
    [InlineData("capture --namespace shop web --container app --duration 90s --filter", "tcp port 80 and host 10.0.0.1")]
    [InlineData("capture -n shop web --snaplen full --max-bytes 1GiB --max-packets 1000 -o web.pcap --server http://127.0.0.1:7071 --json")]
    [InlineData("capture -n shop deployment/web --max-pods 3 --port http --service web -o captures")]
    [InlineData("capture -n shop -l app=web,tier!=cache")]
    [InlineData("plan -n shop web --port 8080 --json --context staging")]
    [InlineData("serve --url http://127.0.0.1:0 --state /var/lib/captureflow --kubeconfig k --context c")]
    [InlineData("verify captures/web.pcap --json")]
    [InlineData("verify cf-0123456789abcdef --server https://captures.example")]
    [InlineData("analyze captures/web.pcap --json")]
    [InlineData("diff captures/good.pcap captures/bad.pcap --json")]
    [InlineData("audit --json --context staging")]
    [InlineData("audit --server https://captures.example")]
    [InlineData("list --server https://captures.example -n shop --pod web --status failed --status cancelled --verdict Lossy --by alice --since 2h --until 2026-03-04 --limit 5 --json")]
    [InlineData("demo --window 5s --json")]
    [InlineData("demo --context staging --image localhost/debug:1")]
    public void Parse_DocumentedForm_NoErrors(string line, string? last = null)
    {
        var parsed = CaptureFlowCommand.Build(new()).Parse([.. line.Split(' '), .. last is null ? (string[])[] : [last]]);

        Assert.Empty(parsed.Errors);
    }

    [Theory]
    [InlineData("capture -n shop", "Name either a POD")]
    [InlineData("capture -n shop web -l app=web", "Name either a POD")]
    [InlineData("plan -n shop", "Name either a POD")]
    [InlineData("capture web --duration soon", "'soon' is not a duration")]
    [InlineData("capture web --snaplen most", "'most' is not a number of bytes, or 'full'")]
    [InlineData("capture web --max-bytes 1parsec", "'1parsec' is not a size")]
    [InlineData("capture web --server ftp://x", "'ftp://x' is not an address")]
    [InlineData("serve --url here", "'here' is not an address")]
    [InlineData("verify", "Required argument missing")]
    [InlineData("analyze", "Required argument missing")]
    [InlineData("diff good.pcap", "Required argument missing")]
    [InlineData("demo --window 0x", "'0x' is not a duration")]
    [InlineData("download web", "'web' is not the id of a capture, like cf-0123456789abcdef.")]
    [InlineData("plan web --server http://captureflow.example", "http://captureflow.example/ is not encrypted: your key and the packets would cross the network in the clear. Use https, or accept that with --allow-http.")]
    [InlineData("stop web --server http://127.0.0.1:7071", "'web' is not the id of a capture, like cf-0123456789abcdef.")]
    [InlineData("list --server http://127.0.0.1:7071 --status done", "'done' not recognized")]
    [InlineData("list --server http://127.0.0.1:7071 --since soon", "'soon' is not a time like 2h")]
    [InlineData("list --server http://127.0.0.1:7071 --limit 0", "--limit is at least 1.")]
    [InlineData("capture web --durations 3s", "--durations")]
    public void Parse_WrongForm_SaysWhatIsWrong(string line, string expected)
    {
        var parsed = CaptureFlowCommand.Build(new()).Parse(line.Split(' '));

        Assert.Contains(parsed.Errors, e => e.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("demo")]
    [InlineData("capture")]
    [InlineData("plan")]
    [InlineData("audit")]
    [InlineData("verify")]
    [InlineData("log-key")]
    [InlineData("download")]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("watch")]
    [InlineData("stop")]
    [InlineData("cancel")]
    [InlineData("analyze")]
    [InlineData("diff")]
    [InlineData("approve")]
    [InlineData("deny")]
    [InlineData("serve")]
    [InlineData("capture web --duration soon")]
    public async Task Run_Help_IsNoErrorWhateverElseIsMissing(string line)
    {
        Assert.Equal(0, await CaptureFlowCommand.RunAsync([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]));
    }

    [Fact]
    public void Help_OfEveryCommand_IsTested()
    {
        var tested = typeof(CaptureFlowCommandTests).GetMethod(nameof(Run_Help_IsNoErrorWhateverElseIsMissing))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(it => it.Data[0]);

        Assert.Empty(CaptureFlowCommand.Build(new()).Subcommands.Select(command => command.Name).Except(tested));
    }

    [Theory]
    [InlineData("pod/web")]
    [InlineData("pods/web")]
    [InlineData("po/web")]
    [InlineData("web")]
    public void Parse_PodAsKubectlWritesIt_IsThePod(string target)
    {
        OrderOptions options = new();
        System.CommandLine.Command command = new("capture");
        options.AddTo(command);

        var request = options.Read(command.Parse(["-n", "shop", target]));

        Assert.Equal(("web", null), (request.Target.Pod, request.Target.Workload));
    }

    [Theory]
    [InlineData("deployment/web")]
    [InlineData("-l app=web")]
    public void Parse_FileForSeveralPods_IsRefused(string target)
    {
        var parsed = CaptureFlowCommand.Build(new()).Parse([.. $"capture -n shop {target} -o web.pcap".Split(' ')]);

        Assert.Contains(parsed.Errors, e => e.Message.Contains("'web.pcap' looks like a file. With several pods, -o names the folder", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("captrue -n shop web", "captureflow: unknown command 'captrue'\nSee: captureflow --help\n")]
    [InlineData("capture web --durations 3s", "captureflow: Unrecognized command or argument '--durations'.")]
    public async Task Run_WrongForm_SaysWhatIsWrong(string line, string expected)
    {
        await using StringWriter errors = new() { NewLine = "\n" };

        var code = await CaptureFlowCommand.RunAsync(line.Split(' '), errors, new());

        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith(expected, errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan web --server http://captureflow.example --allow-http")]
    [InlineData("plan web --server https://captureflow.example")]
    [InlineData("approve cf-0123456789abcdef --server http://localhost:7071")]
    [InlineData("verify cf-0123456789abcdef --server http://[::1]:7071")]
    public void Parse_ServerThatTheKeyIsSafeWith_IsTaken(string line) => Assert.Empty(CaptureFlowCommand.Build(new()).Parse(line.Split(' ')).Errors);

    [Fact]
    public async Task Run_WrongForm_UsageCode() => Assert.Equal(ExitCodes.Usage, await CaptureFlowCommand.RunAsync(["capture", "web", "--duration", "soon"]));
}
