using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests;

public sealed class CaptureFilesTests
{
    private static readonly string Id = CaptureIds.New();

    [Fact]
    public async Task File_StoreWithLinks_IsARedirectThatNobodyKeeps()
    {
        var request = Answers.Request();
        var links = new FakeEvidence { Link = new("https://blobs.example/captures/x?sig=a%2Fb%3D") };

        var (response, _) = await new CaptureFilesFunction(null!, links, null!, null!, TimeProvider.System).FileAsync(request, Id, "capture.pcap", default).OfAsync(request);

        Assert.Equal(302, response.StatusCode);
        Assert.Equal("https://blobs.example/captures/x?sig=a%2Fb%3D", response.Headers.Location);
        Assert.Equal("no-store", response.Headers.CacheControl);
    }

    [Fact]
    public async Task File_NoLinkCanBeMade_IsAProblemAndNotTheFile()
    {
        var request = Answers.Request();
        var links = new FakeEvidence { Fails = new StoreRefusedException(new(FaultCodes.StoreRefused, "No.", "Do.")) };

        var (response, body) = await new CaptureFilesFunction(null!, links, null!, null!, TimeProvider.System).FileAsync(request, Id, "capture.pcap", default).OfAsync(request);

        Assert.Equal(502, response.StatusCode);
        Assert.Equal("store-refused", body!["code"]!.GetValue<string>());
    }
}
