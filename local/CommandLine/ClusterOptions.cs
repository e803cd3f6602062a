using System.CommandLine;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The options that choose a cluster and its settings, the same in every command.</summary>
internal sealed class ClusterOptions
{
    public Option<FileInfo?> Kubeconfig { get; } = new("--kubeconfig") { Description = "The kubeconfig file; KUBECONFIG or ~/.kube/config when not given, in-cluster where there is neither", HelpName = "FILE" };

    public Option<string?> Context { get; } = new("--context") { Description = "The context of the kubeconfig; its current one when not given", HelpName = "NAME" };

    public Option<FileInfo?> Config { get; } = new("--config") { Description = "The file of settings; ~/.config/captureflow/captureflow.json when not given", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
        command.Options.Add(Config);
    }

    public ClusterChoice Read(ParseResult parsed) => new(parsed.GetValue(Kubeconfig)?.FullName, parsed.GetValue(Context), Config: parsed.GetValue(Config)?.FullName);
}
