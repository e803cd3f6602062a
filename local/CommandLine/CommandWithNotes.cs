using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CaptureFlow.Local.CommandLine;

/// <summary>A command with a text that its own help ends with, and that the list of commands leaves out.</summary>
internal sealed class CommandWithNotes(string name, string description, string notes) : Command(name, description)
{
    public string Notes { get; } = notes;
}

/// <summary>The usual help, and then the command's notes.</summary>
internal sealed class HelpWithNotes : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    /// <summary>Whoever asks how to write a command has not written it yet.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CommandWithNotes command)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(command.Notes);
        }

        return code;
    }
}
