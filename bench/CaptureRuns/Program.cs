using CaptureFlow.CaptureRuns;

// Whole captures on the sandbox, measured from outside: captureflow-bench-captures MANIFESTS [overhead|bulk]...
// MANIFESTS is the folder infra/kubernetes. Prints Markdown tables; needs root.
if (args.Length == 0 || !Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("usage (as root): captureflow-bench-captures infra/kubernetes [overhead] [bulk]");
    return 2;
}

Console.WriteLine($"Machine: {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB memory, .NET {Environment.Version}.");
var chosen = args.Skip(1).ToHashSet();
await using var lab = await Lab.StartAsync(args[0]);
if (chosen.Count == 0 || chosen.Contains("overhead"))
{
    await OverheadRun.RunAsync(lab);
}

if (chosen.Count == 0 || chosen.Contains("bulk"))
{
    await BulkRun.RunAsync(lab);
}

return 0;
