namespace CaptureFlow.Orchestrations;

/// <summary>The rules that an order must meet before anybody is asked anything. Pure; reports every breach at once.</summary>
public static class OrderRules
{
    public static IReadOnlyList<CaptureFault> Check(CaptureOrder order, CapturePolicy policy)
    {
        List<CaptureFault> faults = [];
        CheckTarget(order.Target, policy, faults);
        CheckWindow(order, policy, faults);
        CheckTexts(order, faults);
        CheckPorts(order.Ports, faults);
        return faults;
    }

    private static void CheckTarget(CaptureTarget target, CapturePolicy policy, List<CaptureFault> faults)
    {
        if (!target.IsNode)
        {
            CheckName("target.pod", "namespace", target.Namespace, DnsNames.IsLabel(target.Namespace), faults);
            CheckName("target.pod", "pod name", target.Pod, DnsNames.IsSubdomain(target.Pod), faults);
        }

        faults.AddRange(NodeRules.Check(target, policy));
        if (target.Container is { } container)
        {
            CheckName("target.container", "container name", container, DnsNames.IsLabel(container), faults);
        }

        if (target.Cluster is { } cluster && !DnsNames.IsLabel(cluster))
        {
            faults.Add(Invalid("target.cluster", $"'{cluster}' is no cluster name.", "Write it as in the configuration: lower case letters, digits and hyphens; or leave it out."));
        }

        if (!target.IsNode && policy.Namespaces.Count > 0 && !policy.Namespaces.Contains(target.Namespace))
        {
            faults.Add(new(
                FaultCodes.NamespaceForbidden,
                $"Policy allows no captures in namespace '{target.Namespace}'.",
                $"Choose one of: {string.Join(", ", policy.Namespaces)}; or have the namespace added to {CapturePolicy.Section}:Namespaces.",
                "target.pod"));
        }
    }

    private static void CheckName(string field, string what, string value, bool valid, List<CaptureFault> faults)
    {
        if (!valid)
        {
            faults.Add(new(
                FaultCodes.OrderInvalid,
                $"'{value}' is no {what}.",
                "Write NAMESPACE/POD in lower case letters, digits and hyphens, as kubectl prints them.",
                field));
        }
    }

    private static void CheckWindow(CaptureOrder order, CapturePolicy policy, List<CaptureFault> faults)
    {
        var window = order.Window;
        if (window.Duration < CaptureCeilings.ShortestDuration)
        {
            faults.Add(Invalid("window.duration", "The window is shorter than 1 second.", "Ask for at least 1s."));
        }

        var longest = policy.MaxDuration < CaptureCeilings.Duration ? policy.MaxDuration : CaptureCeilings.Duration;
        if (window.Duration > longest)
        {
            faults.Add(new(
                FaultCodes.WindowOverPolicy,
                $"The window of {Say(window.Duration)} is over the {Say(longest)} that policy allows.",
                $"Ask for at most {Say(longest)}, or take several captures one after the other.",
                "window.duration"));
        }

        var smallest = CaptureWindow.FileHeaderBytes + CaptureWindow.RecordHeaderBytes + Math.Max(window.SnapLength, 1);
        if (window.MaxBytes < smallest)
        {
            faults.Add(Invalid("window.maxBytes", $"{window.MaxBytes} bytes hold no packet of snap length {window.SnapLength}.", $"Ask for at least {smallest} bytes."));
        }

        var most = Math.Min(policy.MaxBytes, CaptureCeilings.Bytes);
        if (window.MaxBytes > most)
        {
            faults.Add(new(
                FaultCodes.BytesOverPolicy,
                $"{Quantity.Exact(window.MaxBytes)} are over the {Quantity.Exact(most)} that policy allows.",
                $"Ask for at most {most} bytes; a narrower filter or a smaller snap length makes more fit.",
                "window.maxBytes"));
        }

        if (window.MaxPackets is < 1)
        {
            faults.Add(Invalid("window.maxPackets", "The window allows no packet.", "Ask for at least 1 packet, or leave it out."));
        }

        CheckPayload(order, policy, faults);
    }

    private static void CheckPayload(CaptureOrder order, CapturePolicy policy, List<CaptureFault> faults)
    {
        var snap = order.Window.SnapLength;
        if (snap is < 64 or > CaptureWindow.FullSnapLength)
        {
            faults.Add(Invalid("window.snapLength", $"A snap length of {snap} is outside 64 to {CaptureWindow.FullSnapLength}.", "Ask for 256 (headers), or \"full\"."));
        }

        if (order.Target.SeesWholeNode && KeepsPayloadOfANode(order.Window, policy))
        {
            faults.Add(NodesPayload());
        }
        else if (snap > CaptureWindow.HeaderSnapLength && (!policy.AllowPayload || policy.HeaderOnlyNamespaces.Contains(order.Target.Namespace)))
        {
            faults.Add(new(
                FaultCodes.PayloadForbidden,
                $"Policy keeps headers only in namespace '{order.Target.Namespace}'.",
                $"Ask for a snap length of at most {CaptureWindow.HeaderSnapLength}.",
                "window.snapLength"));
        }
    }

    /// <summary>Whether more would be kept of a whole node's traffic than policy keeps of the most private namespace.</summary>
    internal static bool KeepsPayloadOfANode(CaptureWindow window, CapturePolicy policy) =>
        window.SnapLength > CaptureWindow.HeaderSnapLength && (!policy.AllowPayload || policy.HeaderOnlyNamespaces.Count > 0);

    internal static CaptureFault NodesPayload() => new(
        FaultCodes.PayloadForbidden,
        "Policy keeps headers only in some namespaces, and a whole node's traffic is everybody's.",
        $"Ask for a snap length of at most {CaptureWindow.HeaderSnapLength}, or for the traffic of a pod with a network of its own.",
        "window.snapLength");

    private static void CheckTexts(CaptureOrder order, List<CaptureFault> faults)
    {
        if (order.Filter is { } filter && (filter.Length > CaptureCeilings.FilterLength || !PlainText.IsReadable(filter)))
        {
            faults.Add(new(
                FaultCodes.FilterInvalid,
                $"The filter is longer than {CaptureCeilings.FilterLength} characters or has control characters or invisible ones.",
                "Write it as on tcpdump's command line, in one line.",
                "filter"));
        }

        if (order.Filter is { Length: > 0 } blank && string.IsNullOrWhiteSpace(blank))
        {
            faults.Add(new(FaultCodes.FilterInvalid, "The filter is blank.", "Write an expression, e.g. tcp port 80, or leave it out to capture everything.", "filter"));
        }

        // Nothing would read it as an option, since it stands behind "--"; but whoever writes one means something else.
        if (order.Filter is ['-', ..])
        {
            faults.Add(new(FaultCodes.FilterInvalid, "The filter begins with a hyphen, as tcpdump's options do.", "Write the expression alone, without options.", "filter"));
        }

        if (order.Reason is { } reason && (reason.Length > CaptureCeilings.ReasonLength || !PlainText.IsReadable(reason)))
        {
            faults.Add(Invalid("reason", $"The reason is longer than {CaptureCeilings.ReasonLength} characters or has control characters or invisible ones.", "Write it in one line of plain text."));
        }
    }

    private static void CheckPorts(PortFilter? ports, List<CaptureFault> faults)
    {
        if (ports?.Port is { } port && !DnsNames.IsPort(port))
        {
            faults.Add(Invalid("filter.port", $"'{port}' is neither a port's name nor its number.", "Write a name as the pod declares it, e.g. http, or 1 to 65535."));
        }

        if (ports?.Service is { } service && !DnsNames.IsLabel(service))
        {
            faults.Add(Invalid("filter.service", $"'{service}' is no Service's name.", "Write it as kubectl get services prints it."));
        }
    }

    private static CaptureFault Invalid(string field, string message, string remedy) => new(FaultCodes.OrderInvalid, message, remedy, field);

    private static string Say(TimeSpan time) => time.TotalSeconds < 120 ? $"{time.TotalSeconds:0.#} s" : $"{time.TotalMinutes:0.#} min";
}
