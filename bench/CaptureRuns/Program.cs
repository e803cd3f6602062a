using CaptureFlow.CaptureRuns;

// Whole captures on the sandbox, measured from outside: captureflow-bench-captures MANIFESTS [overhead] [bulk], or MANIFESTS load [--at-once N]….
// MANIFESTS is the folder infra/kubernetes. Prints Markdown tables; needs root. Exit code 1 when a bound of the load was broken.
var load = args.ElementAtOrDefault(1) == "load" ? LoadSize.Parse(args[2..]) : null;
if (args.Length == 0 || !Environment.IsPrivilegedProcess || (load is null && args.Skip(1).Any(name => name is not ("overhead" or "bulk"))))
{
    Console.Error.WriteLine($"usage (as root): captureflow-bench-captures infra/kubernetes [overhead] [bulk] | {LoadSize.Usage}");
    return 2;
}

Console.WriteLine($"Machine: {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB memory, .NET {Environment.Version}.");
if (load is not null)
{
    return await LoadRun.RunAsync(args[0], load) ? 0 : 1;
}

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
