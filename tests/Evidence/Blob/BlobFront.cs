using System.Collections.Concurrent;
using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CaptureFlow.Evidence.Tests;

/// <summary>
/// Stands before Azurite and does what Azure does and Azurite does not: takes bodies with CRC64 in them and checks it, throttles, refuses, is cut.
/// Its client signs nothing; it signs what it passes on, so that it may change it.
/// </summary>
internal sealed class BlobFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly Uri _azurite;
    private readonly string _signature;
    private readonly ConcurrentQueue<FrontRequest> _requests = [];
    private int _count;

    private BlobFront(Uri azurite)
    {
        _azurite = azurite;
        var key = BlobAccess.Open(BlobTestStore.OptionsFor(azurite)).SharedKey!;
        var sas = new AccountSasBuilder(AccountSasPermissions.All, TimeProvider.System.GetUtcNow().AddHours(1), AccountSasServices.Blobs, AccountSasResourceTypes.All);
        _signature = sas.ToSasQueryParameters(key).ToString();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public Uri ServiceUri => new(_app.Urls.First() + _azurite.AbsolutePath);

    /// <summary>What is done with each request; null passes it on.</summary>
    public Func<FrontRequest, FrontAct?> Rule { get; set; } = _ => null;

    /// <summary>Sees the headers of each request.</summary>
    public Action<FrontRequest, IHeaderDictionary> Sent { get; set; } = (_, _) => { };

    public IReadOnlyCollection<FrontRequest> Requests => _requests;

    public static async Task<BlobFront> StartAsync(Uri azurite)
    {
        var front = new BlobFront(azurite);
        await front._app.StartAsync();
        return front;
    }

    /// <summary>As the app has it on Azure: CRC64, and its own retries, which here don't wait.</summary>
    public BlobAccess Access(BlobStoreOptions options, int retries = 5)
    {
        var client = BlobAccess.Retrying();
        client.Retry.MaxRetries = retries;
        client.Retry.Delay = client.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        return new(new BlobServiceClient(ServiceUri, client), options.Container);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = new FrontRequest(
            Interlocked.Increment(ref _count), context.Request.Method, context.Request.Path.Value![(_azurite.AbsolutePath.Length + 1)..], context.Request.QueryString.Value ?? string.Empty);
        _requests.Enqueue(request);
        Sent(request, context.Request.Headers);
        var act = Rule(request) ?? new();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (act.Reset)
        {
            context.Abort();
            return;
        }

        var content = body.ToArray();
        if (act.Corrupt)
        {
            content[content.Length / 2] ^= 1;
        }

        if (act.Status == 0 && context.Request.Headers.TryGetValue(StructuredBody.Header, out _))
        {
            content = StructuredBody.TryRead(content);
            act = content is null ? new() { Status = 400, Code = "Crc64Mismatch" } : act;
        }

        await (act.Status == 0 ? PassAsync(context, content!, act) : RefuseAsync(context, act));
    }

    private static async Task RefuseAsync(HttpContext context, FrontAct act)
    {
        context.Response.StatusCode = act.Status;
        if (act.Body is null)
        {
            context.Response.Headers["x-ms-error-code"] = act.Code;
        }

        context.Response.Headers["x-ms-request-id"] = "1f0e";
        context.Response.Headers.Date = (act.Date ?? TimeProvider.System.GetUtcNow()).ToString("R", CultureInfo.InvariantCulture);
        if (context.Request.Method != "HEAD")
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(act.Body ?? $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{act.Code}</Code><Message>The front's words.\nRequestId:1f0e</Message></Error>");
        }
    }

    private async Task PassAsync(HttpContext context, byte[] content, FrontAct act)
    {
        var query = context.Request.QueryString.HasValue ? $"{context.Request.QueryString}&{_signature}" : $"?{_signature}";
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(_azurite, context.Request.Path.ToUriComponent() + query));
        request.Content = new ByteArrayContent(content);
        foreach (var header in context.Request.Headers.Where(header => header.Key is not ("Host" or "Content-Length" or "Connection" or StructuredBody.Header or StructuredBody.LengthHeader)))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
            {
                request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
            }
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (act.LoseAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        if (context.Request.Headers.TryGetValue(StructuredBody.Header, out var structured))
        {
            context.Response.Headers[StructuredBody.Header] = structured;
        }

        act.Alter?.Invoke(context.Response.Headers);
        if (context.Request.Method == "HEAD")
        {
            context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
            return;
        }

        await response.Content.CopyToAsync(context.Response.Body);
    }
}
