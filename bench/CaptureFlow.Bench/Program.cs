using BenchmarkDotNet.Running;
using CaptureFlow.Bench;

BenchmarkSwitcher.FromAssembly(typeof(PcapWalkBenchmark).Assembly).Run(args);
