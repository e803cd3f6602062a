using System.Globalization;
using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>Get, list and watch of every stored resource.</summary>
internal sealed class ResourceReader(ObjectStore store, CancellationToken ending)
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(60);

    internal ApiReply Get(ApiCall call) => store.Get(call.Kind, call.Namespace, call.Name) is { } found
        ? ApiReply.Ok(ObjectTable.Render(call, [found.Read()], store.Time) ?? found.Read())
        : ApiReply.NotFound(call.Kind, call.Name);

    internal ApiReply List(ApiCall call)
    {
        var selectors = Selectors.Parse(call.Query("labelSelector"), call.Query("fieldSelector"));
        if (selectors.Fault is { } fault)
        {
            return ApiReply.BadRequest(fault);
        }

        var (version, stored) = store.ListAt(call.Kind, call.Namespace);
        var items = stored.Select(item => item.Read()).Where(selectors.Matches).ToList();
        if (ObjectTable.Render(call, items, store.Time) is { } table)
        {
            table["metadata"] = new JsonObject { ["resourceVersion"] = Text(version) };
            return ApiReply.Ok(table);
        }

        foreach (var item in items)
        {
            // Items of a list carry no kind of their own.
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return ApiReply.Ok(new JsonObject
        {
            ["kind"] = $"{call.Kind.Kind}List",
            ["apiVersion"] = call.Kind.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = Text(version) },
            ["items"] = items.ToJsonArray(),
        });
    }

    internal async Task<ApiReply> WatchAsync(ApiCall call)
    {
        var fields = call.Query("fieldSelector");
        if (call.Name.Length > 0)
        {
            fields = fields.Length == 0 ? $"metadata.name={call.Name}" : $"{fields},metadata.name={call.Name}";
        }

        var selectors = Selectors.Parse(call.Query("labelSelector"), fields);
        if (selectors.Fault is { } fault)
        {
            return ApiReply.BadRequest(fault);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Http.RequestAborted, ending);
        var limit = long.TryParse(call.Query("timeoutSeconds"), CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWatch.TotalSeconds))
            : LongestWatch;
        either.CancelAfter(limit);
        call.Http.Response.ContentType = "application/json";
        try
        {
            await StreamAsync(call, selectors, either.Token);
        }
        catch (OperationCanceledException)
        {
            // A watch ends with its time, with its client or with the sandbox; a client lists anew.
        }

        return ApiReply.Written;
    }

    private async Task StreamAsync(ApiCall call, Selectors selectors, CancellationToken cancellation)
    {
        var asked = call.Query("resourceVersion");
        var isFresh = asked is "" or "0" || call.Query("sendInitialEvents") == "true";
        var version = isFresh ? 0 : long.Parse(asked, CultureInfo.InvariantCulture);
        await call.Http.Response.Body.FlushAsync(cancellation);
        if (isFresh)
        {
            version = await SendPresentAsync(call, selectors, cancellation);
        }

        while (await store.EventsAfterAsync(call.Kind, version, cancellation) is { } events)
        {
            foreach (var change in events)
            {
                version = change.Object.Version;
                if (call.Namespace.Length > 0 && change.Object.Namespace != call.Namespace)
                {
                    continue;
                }

                if (TypeFor(change, selectors) is { } type)
                {
                    await SendAsync(call, type, change.Object.Read(), cancellation);
                }
            }

            await call.Http.Response.Body.FlushAsync(cancellation);
        }

        var gone = ApiReply.Status(410, "Expired", $"too old resource version: {version} ({store.Version})");
        await SendAsync(call, "ERROR", (JsonObject)gone.Body!, cancellation);
    }

    private async Task<long> SendPresentAsync(ApiCall call, Selectors selectors, CancellationToken cancellation)
    {
        var (version, items) = store.ListAt(call.Kind, call.Namespace);
        foreach (var item in items.Select(item => item.Read()).Where(selectors.Matches))
        {
            await SendAsync(call, "ADDED", item, cancellation);
        }

        if (call.Query("sendInitialEvents") == "true" && call.Query("allowWatchBookmarks") == "true")
        {
            await SendAsync(call, "BOOKMARK", Bookmark(call.Kind, version), cancellation);
        }

        await call.Http.Response.Body.FlushAsync(cancellation);
        return version;
    }

    private static JsonObject Bookmark(ResourceKind kind, long version) => new()
    {
        ["kind"] = kind.Kind,
        ["apiVersion"] = kind.ApiVersion,
        ["metadata"] = new JsonObject
        {
            ["resourceVersion"] = Text(version),
            ["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" },
        },
    };

    /// <summary>How a change looks through a selector: an object that leaves the view is deleted, one that enters is added.</summary>
    private static string? TypeFor(StoreEvent change, Selectors selectors)
    {
        var isIn = change.Type != "DELETED" && selectors.Matches(change.Object.Read());
        var wasIn = change.Previous is { } previous && selectors.Matches(previous.Read());
        return (wasIn, isIn) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
    }

    private async Task SendAsync(ApiCall call, string type, JsonObject item, CancellationToken cancellation)
    {
        JsonNode shown = type is "BOOKMARK" or "ERROR" ? item : ObjectTable.Render(call, [item], store.Time) ?? item;
        var line = new JsonObject { ["type"] = type, ["object"] = shown }.ToBytes();
        await call.Http.Response.Body.WriteAsync(line, cancellation);
        await call.Http.Response.Body.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
