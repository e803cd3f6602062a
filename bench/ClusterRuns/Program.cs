using CaptureFlow.ClusterRuns;

// CaptureFlow beside kubectl on a real cluster: captureflow-bench-cluster MANIFESTS [retrieval] [listening].
// MANIFESTS is the folder infra/kubernetes; the cluster is the one of KUBECONFIG. Prints Markdown tables.
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: captureflow-bench-cluster infra/kubernetes [retrieval] [listening]");
    return 2;
}

if (Environment.GetEnvironmentVariable("KUBECONFIG") is not { Length: > 0 })
{
    Console.Error.WriteLine("ClusterRuns is not run: it measures on a real cluster, and KUBECONFIG names none. Needs rights to make a namespace and to apply infra/kubernetes.");
    return 0;
}

var chosen = args.Skip(1).ToHashSet();
await using var lab = await ClusterLab.StartAsync(args[0]);
Console.WriteLine($"Machine: {Environment.ProcessorCount} cores, .NET {Environment.Version}, load average {ClusterLab.Load()}; {await ClusterLab.VersionsAsync()}.");
if (chosen.Count == 0 || chosen.Contains("listening"))
{
    await ListeningRun.RunAsync(lab);
}

if (chosen.Count == 0 || chosen.Contains("retrieval"))
{
    await RetrievalRun.RunAsync(lab);
}

return 0;
