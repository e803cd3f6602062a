namespace CaptureFlow.Sandbox;

/// <summary>What cluster to pretend.</summary>
public sealed record SandboxOptions
{
    /// <value>The scenario to set up: <c>shop</c>, or <c>empty</c> for a cluster without workloads. Default <c>shop</c>.</value>
    public string Scenario { get; init; } = "shop";

    /// <value>How many orders the shop's client makes a second. Default 20; fewer leave more of the machine to others.</value>
    public int OrdersPerSecond { get; init; } = 20;

    /// <value>Manifest files (YAML, several documents each) whose objects are created before the scenario is.</value>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <value>Where the kubeconfig files are written, mode 0600; a folder of its own under the temporary folder when null, removed at the end.</value>
    public string? Folder { get; init; }

    /// <value>The TCP port on 127.0.0.1; 0, the default, takes a free one.</value>
    public int Port { get; init; }

    /// <value>
    /// The user of <c>captureflow.kubeconfig</c>. A name of the form <c>system:serviceaccount:NAMESPACE:NAME</c> is a service account, which
    /// is created with its namespace. Default <c>system:serviceaccount:captureflow:captureflow</c>.
    /// </value>
    public string CaptureFlowUser { get; init; } = "system:serviceaccount:captureflow:captureflow";

    /// <value>How long the scenario's pods may take to be ready. Default 60 s; then the start fails.</value>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <value>The clock of timestamps and token lifetimes.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
