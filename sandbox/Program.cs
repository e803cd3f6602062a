using CaptureFlow.Sandbox;
using CaptureFlow.Sandbox.Workloads;

return args switch
{
    ["workload", "app"] => await Workload.RunAsync(AppWorkload.RunAsync),
    ["workload", "proxy"] => await Workload.RunAsync(ProxyWorkload.RunAsync),
    ["workload", "client"] => await Workload.RunAsync(ClientWorkload.RunAsync),
    ["serve", .. var rest] => await ServeCommand.RunAsync(rest),
    _ => ServeCommand.Usage(),
};
