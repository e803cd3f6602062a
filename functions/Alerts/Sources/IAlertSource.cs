using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>Reads the messages of one kind of sender. Unknown fields are left alone: senders add some with every release.</summary>
internal interface IAlertSource
{
    /// <summary>As in the route and in the configuration.</summary>
    string Name { get; }

    /// <exception cref="AlertFormatException">The message is not of this source's format.</exception>
    AlertMessage Read(JsonElement message);
}
