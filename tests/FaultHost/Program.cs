using CaptureFlow.FaultHost;

// The local host as it is, but for one thing: at a point named on the command line a step stops and says so, so that a test can kill the host
// right there, or change the world around it and let it go on with a line on standard input. And, by environment variables:
//   FAULTHOST_PRINCIPALS=on          it believes the principal header of App Service authentication
//   FAULTHOST_GCE=FOLDER             it asks that folder instead of Google; with "none" it is a build without captures over SSH
//   FAULTHOST_CLOCK=-00:05:00        its clock is so far from the machine's own
//   FAULTHOST_DIES=1                 it ends as by SIGKILL after each change of an instance that it writes down
//   FAULTHOST_HISTORY=FILE           it shares this history with another host, and never renews a lease, so that either takes the other for dead
//   FAULTHOST_STORE=slow|corrupting|away|away-for-proof   its store takes two seconds for each call, flips a bit of the first block, is away at first, or when it is given the proof
// Usage: captureflow-faulthost STATE KUBECONFIG [POINT]; prints "ready URL", and "paused POINT" when it gets there.
var (state, kubeconfig) = (args[0], args[1]);
var pause = new PausePoint(args.ElementAtOrDefault(2));
await using var host = await FaultyHost.StartAsync(
    state, kubeconfig, pause, Environment.GetEnvironmentVariable, new Dictionary<string, string?>(), logging: null);
Console.WriteLine($"ready {host.Url}");
await Task.Delay(Timeout.Infinite);
