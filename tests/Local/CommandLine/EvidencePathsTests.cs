using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class EvidencePathsTests : IDisposable
{
    private static readonly RequestedTarget Web = new("shop", "web");

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-paths-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_OnePod_AFileOrTheFolderThatIsThere()
    {
        Assert.Equal("web-cf-1.pcap", EvidencePaths.Of(Web, null).OfOne("cf-1"));
        Assert.Equal("x.pcap", EvidencePaths.Of(Web, "x.pcap").OfOne("cf-1"));
        Assert.Equal(Path.Combine(_folder, "web-cf-1.pcap"), EvidencePaths.Of(Web, _folder).OfOne("cf-1"));
        Assert.Equal(Path.Combine("new/", "web-cf-1.pcap"), EvidencePaths.Of(Web, "new/").OfOne("cf-1"));
    }

    [Fact]
    public void Refusal_SeveralPods_WhatIsAFileOrLooksLikeOne()
    {
        var file = Path.Combine(_folder, "there");
        File.WriteAllText(file, "");

        Assert.Equal($"'{file}' is a file. With several pods, -o names the folder that their files go to.", EvidencePaths.Refusal(several: true, file));
        Assert.Contains("looks like a file", EvidencePaths.Refusal(several: true, "x.PCAP"), StringComparison.Ordinal);
        Assert.Null(EvidencePaths.Refusal(several: true, "x.pcap/"));
        Assert.Null(EvidencePaths.Refusal(several: true, "captures"));
        Assert.Null(EvidencePaths.Refusal(several: true, _folder));
        Assert.Null(EvidencePaths.Refusal(several: false, "x.pcap"));
        Assert.Null(EvidencePaths.Refusal(several: false, _folder));
    }
}
