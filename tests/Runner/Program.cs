using System.Runtime.InteropServices;
using CaptureFlow.TestRunner;

// captureflow-tests RESULTS ASSEMBLY… [-- ARGUMENT…]: runs test assemblies, two at a time in this order, and says what came of them. What they print
// goes to files in RESULTS; the arguments are xUnit's own. `captureflow test` calls it.
if (args.TakeWhile(it => it != "--").ToArray() is not [var folder, .. { Length: > 0 } paths])
{
    await Console.Error.WriteLineAsync("Usage: captureflow-tests RESULTS ASSEMBLY… [-- ARGUMENT…]");
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
string[] arguments = [.. args.SkipWhile(it => it != "--").Skip(1)];
try
{
    Directory.CreateDirectory(folder);
    var run = await new TestRun(folder, arguments, Console.Out, TimeProvider.System).RunAsync([.. paths.Select(path => new TestAssembly(path))], stop.Token);
    await run.WriteAsync(folder);
    await Console.Out.WriteAsync(TestSummary.Of(run));
    return run.Failed == 0 ? 0 : 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("interrupted: the tests were ended");
    return 130;
}
