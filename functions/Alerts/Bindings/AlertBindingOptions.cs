using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>One sender: how it proves itself, which of its alerts count, and what they order. Everything but names of targets is fixed here.</summary>
public sealed class AlertBindingOptions
{
    /// <summary>alertmanager, grafana, azure-monitor, pagerduty, datadog or google-cloud.</summary>
    /// <value>None: every binding says it.</value>
    public string Source { get; set; } = "";

    public AlertAuthenticationOptions Authentication { get; init; } = new();

    /// <summary>What an alert's labels must be, all of them.</summary>
    /// <value>Empty: every alert counts.</value>
    public IList<AlertMatchOptions> Match { get; init; } = [];

    public AlertTargetOptions Target { get; init; } = new();

    public AlertWindowOptions Window { get; init; } = new();

    /// <summary>A pcap-filter expression.</summary>
    /// <value>None: everything.</value>
    public string? Filter { get; set; }

    /// <summary>After a capture of a target was started, no other alert starts one of the same target for so long. At least the window.</summary>
    /// <value>15 minutes; at most 24 hours.</value>
    public TimeSpan CoolDown { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Most captures that one call may start.</summary>
    /// <value>3; at most 10.</value>
    public int MaxCapturesPerCall { get; set; } = 3;
}

/// <summary>One condition on a label; a label that an alert lacks is the empty text.</summary>
public sealed class AlertMatchOptions
{
    public string Label { get; set; } = "";

    /// <summary>The whole value.</summary>
    public string? EqualTo { get; set; }

    /// <summary>A regular expression that the whole value must match.</summary>
    public string? Regex { get; set; }
}

/// <summary>The bounds of what is ordered, as in an order.</summary>
public sealed class AlertWindowOptions
{
    /// <value>30 seconds.</value>
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes kept of each packet.</summary>
    /// <value>256: headers.</value>
    public int SnapLength { get; set; } = CaptureWindow.HeaderSnapLength;

    /// <value>100 MiB.</value>
    public long MaxBytes { get; set; } = 100L << 20;

    /// <value>None.</value>
    public long? MaxPackets { get; set; }
}
