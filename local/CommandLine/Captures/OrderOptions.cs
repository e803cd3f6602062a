using System.CommandLine;
using System.CommandLine.Parsing;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>What to capture, as arguments: the same for <c>capture</c> and <c>plan</c>.</summary>
internal sealed class OrderOptions
{
    private readonly Argument<string?> _target = new("POD") { Description = "The pod to capture in, or a workload: deployment/NAME, statefulset/…, daemonset/…, job/…", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _namespace = new("--namespace", "-n") { Description = "Its namespace", HelpName = "NS", DefaultValueFactory = _ => "default" };
    private readonly Option<string?> _selector = new("--selector", "-l") { Description = "All pods with these labels, instead of POD, e.g. app=web", HelpName = "LABELS" };
    private readonly Option<string?> _node = new("--node") { Description = "All traffic of this node, instead of POD, where policy allows it; for one pod's traffic on its node: POD --method node", HelpName = "NAME" };
    private readonly Option<string?> _method = new("--method") { Description = "Where to capture: pod, node (the pod's node, its traffic alone), or auto (in the pod if it may be, else on its node)", HelpName = "METHOD" };
    private readonly Option<int?> _maxPods = new("--max-pods") { Description = "At most so many pods of a workload or selector, by name", HelpName = "N" };
    private readonly Option<string?> _container = new("--container", "-c") { Description = "A container of the pod whose processes the tap may see; the network is the pod's either way", HelpName = "NAME" };
    private readonly Option<string> _duration = new("--duration", "-d") { Description = "How long, e.g. 30s, 5m", HelpName = "TIME", DefaultValueFactory = _ => "30s" };
    private readonly Option<string?> _filter = new("--filter", "-f") { Description = "A pcap filter, e.g. 'tcp port 80'; everything when not given", HelpName = "EXPR" };
    private readonly Option<string?> _port = new("--port") { Description = "Only this container port of the pod, by name or number", HelpName = "PORT" };
    private readonly Option<string?> _service = new("--service") { Description = "Only the traffic of this Service", HelpName = "NAME" };
    private readonly Option<string?> _snaplen = new("--snaplen", "-s") { Description = "Bytes kept of each packet, or 'full'; 256 (headers) when not given", HelpName = "N" };
    private readonly Option<string?> _maxBytes = new("--max-bytes") { Description = "Largest file, e.g. 100MB, 1GiB", HelpName = "SIZE" };
    private readonly Option<long?> _maxPackets = new("--max-packets") { Description = "Most packets", HelpName = "N" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; goes into the manifest", HelpName = "TEXT" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_target);
        foreach (var option in (Option[])[_namespace, _selector, _node, _method, _maxPods, _container, _duration, _filter, _port, _service, _snaplen, _maxBytes, _maxPackets, _reason])
        {
            command.Options.Add(option);
        }

        _method.Validators.Add(r => Check(r, text => CaptureMethods.Asked.Contains(text), $"one of {string.Join(", ", CaptureMethods.Asked)}"));
        _duration.Validators.Add(r => Check(r, text => Quantities.TryParseDuration(text, out _), "a duration like 30s or 5m"));
        _maxBytes.Validators.Add(r => Check(r, text => Quantities.TryParseSize(text, out _), "a size like 100MB or 1GiB"));
        _snaplen.Validators.Add(r => Check(r, text => SnapLength.TryParse(text, out _), "a number of bytes, or 'full'"));
        command.Validators.Add(r =>
        {
            string?[] named = [r.GetValue(_target), r.GetValue(_selector), r.GetValue(_node)];
            if (named.Count(name => name is not null) != 1)
            {
                r.AddError("Name either a POD (or a workload like deployment/web), or a selector with -l, or a node with --node.");
            }
        });
    }

    public CaptureRequest Read(ParseResult parsed) => new(
        Target(parsed),
        new(
            parsed.GetValue(_duration)!,
            parsed.GetValue(_snaplen) is { } text && SnapLength.TryParse(text, out var snap) ? snap : null,
            parsed.GetValue(_maxBytes) is { } size && Quantities.TryParseSize(size, out var bytes) ? bytes : null,
            parsed.GetValue(_maxPackets)),
        Filter(parsed),
        parsed.GetValue(_reason));

    /// <summary>Whether the order is for a workload's pods, or a selector's.</summary>
    public bool IsOfSeveral(CommandResult parsed) =>
        parsed.GetValue(_selector) is not null || (Pod(parsed.GetValue(_target)) is { } target && target.Contains('/', StringComparison.Ordinal));

    // pod/NAME is kubectl's way of writing a pod.
    private static string? Pod(string? target) => target?.Split('/') is ["pod" or "pods" or "po", var pod] ? pod : target;

    private RequestedTarget Target(ParseResult parsed)
    {
        var target = Pod(parsed.GetValue(_target));
        var isWorkload = target?.Contains('/', StringComparison.Ordinal) == true;
        return new(
            parsed.GetValue(_node) is null ? parsed.GetValue(_namespace)! : null,
            isWorkload ? null : target,
            isWorkload ? target : null,
            parsed.GetValue(_selector),
            parsed.GetValue(_container),
            parsed.GetValue(_maxPods),
            parsed.GetValue(_node),
            parsed.GetValue(_method));
    }

    private RequestedFilter? Filter(ParseResult parsed)
    {
        RequestedFilter filter = new(parsed.GetValue(_filter), parsed.GetValue(_port), parsed.GetValue(_service));
        return filter is { Expression: null, Port: null, Service: null } ? null : filter;
    }

    private static void Check(OptionResult result, Func<string, bool> valid, string expected)
    {
        if (result.Tokens is [var token] && !valid(token.Value))
        {
            result.AddError($"'{token.Value}' is not {expected} ({result.Option.Name}).");
        }
    }
}
