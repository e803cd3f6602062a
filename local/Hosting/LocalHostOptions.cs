using CaptureFlow.Local.Durable;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Hosting;

/// <summary>How a local host is to run.</summary>
public sealed record LocalHostOptions
{
    /// <summary>Where it listens.</summary>
    /// <value>http://127.0.0.1:7071; port 0 takes a free one. Anything but loopback needs keys.</value>
    public Uri Url { get; init; } = new("http://127.0.0.1:7071");

    /// <summary>Where it keeps orchestrations and evidence. One host per folder.</summary>
    public required string StateFolder { get; init; }

    /// <summary>A file of settings, in the place of the user's own.</summary>
    /// <value>None: <see cref="SettingsFiles.OfUser"/>, if it is there.</value>
    public string? Config { get; init; }

    /// <summary>The file with the key that logs are signed with, where the settings name no other; made on first use.</summary>
    /// <value>None: <see cref="LocalHost.CustodyKeyName"/> in the state folder.</value>
    public string? CustodyKeyFile { get; init; }

    /// <summary>A key that lets in where the configuration has none.</summary>
    /// <value>None: without keys, whoever reaches loopback is let in as <c>Access:Anonymous</c> says, by default to everything.</value>
    public string? SpareKey { get; init; }

    /// <summary>Configuration that goes before files and environment variables.</summary>
    public IReadOnlyDictionary<string, string?> Overrides { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where the log goes; null writes warnings and worse to the console.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Whether timer functions run, the reaper among them. False for a host that only answers a question.</summary>
    public bool Timers { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Changes the engine's options; for tests.</summary>
    internal Func<DurableEngineOptions, DurableEngineOptions>? Engine { get; init; }
}
