using System.Security.Authentication;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Handshakes of real clients and servers are read as tshark reads them.</summary>
public sealed class TlsHandshakesTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, "TLS 1.2")]
    [InlineData(SslProtocols.Tls13, "TLS 1.3")]
    public async Task Handshake_Complete_IsReadAsByTshark(SslProtocols protocol, string version)
    {
        Needs.Packages("tshark");
        CaptureMaker capture = new();
        using var certificate = TlsTalks.Certificate();
        await TlsTalks.AddAsync(capture, protocol, certificate);

        var card = await Analyze.CaptureAsync(capture);
        using TemporaryFile file = new(capture.ToPcap());
        var client = Assert.Single(await Tshark.FieldsAsync(file.FullName, "tls.handshake.type == 1", "tls.handshake.extensions_server_name", "tls.handshake.extensions_alpn_str"));
        var server = Assert.Single(await Tshark.FieldsAsync(
            file.FullName, "tls.handshake.type == 2", "tls.handshake.version", "tls.handshake.extensions.supported_version", "tls.handshake.extensions_alpn_str"));
        var names = await Tshark.FieldsAsync(file.FullName, "x509ce.dNSName", "x509ce.dNSName", "x509af.utcTime");

        var row = Assert.Single(card.Tls.Servers);
        Assert.Equal((1, 1, 0), (card.Tls.Handshakes, card.Tls.Completed, card.Tls.Failed));
        Assert.Equal((1, version), (card.Tls.Versions[version], Assert.Single(row.Versions)));
        Assert.Equal((client[0], TlsTalks.Name), (row.Name, row.Name));
        Assert.Equal(protocol == SslProtocols.Tls13 ? "0x0304" : "0x0303", server[1].Length > 0 ? server[1] : server[0]);
        Assert.Equal(protocol == SslProtocols.Tls13 ? client[1] : server[2], string.Join(',', row.Protocols));
        Assert.Equal(names.Count == 0 ? "" : names[0][0], string.Join(',', row.CertificateNames));
        Assert.Equal(protocol == SslProtocols.Tls12, row.CertificateNotAfter == new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(protocol == SslProtocols.Tls13, card.CannotSay.Any(sentence => sentence.Contains("TLS 1.3", StringComparison.Ordinal)));
        Assert.DoesNotContain(card.Findings, finding => finding.Code.StartsWith("tls", StringComparison.Ordinal));
    }

    /// <summary>OpenSSL sends this alert in the clear by TLS 1.3 too: it has not changed to the new keys by then.</summary>
    [Theory]
    [InlineData(SslProtocols.Tls12, "-tls1_2")]
    [InlineData(SslProtocols.Tls13, "-tls1_3")]
    public async Task Untrusted_AlertIsNamedAsByTshark(SslProtocols protocol, string argument)
    {
        Needs.Packages("tshark", "openssl");
        CaptureMaker capture = new();
        using var certificate = TlsTalks.Certificate();
        await TlsTalks.AddOpenSslAsync(capture, protocol, certificate, argument, "-verify_return_error");

        var card = await Analyze.CaptureAsync(capture);
        using TemporaryFile file = new(capture.ToPcap());
        var alert = Assert.Single(await Tshark.FieldsAsync(file.FullName, "tls.alert_message.level == 2", "frame.number", "tls.alert_message.desc", "ip.src"));

        var finding = Analyze.Single(card, "tls-alert");
        Assert.Equal([alert[0]], finding.Packets.Select(packet => $"{packet}"));
        Assert.Contains($"alert unknown_ca ({alert[1]}) from the client after ", finding.Says, StringComparison.Ordinal);
        Assert.Equal("10.0.0.1", alert[2]);
        Assert.Equal((1, 0, 1), (card.Tls.Handshakes, card.Tls.Completed, card.Tls.Failed));
    }

    [Fact]
    public async Task VersionsWithoutOverlap_TheServerSaysSo()
    {
        Needs.Packages("openssl");
        CaptureMaker capture = new();
        using var certificate = TlsTalks.Certificate();
        await TlsTalks.AddOpenSslAsync(capture, SslProtocols.Tls13, certificate, "-tls1_2");

        var finding = Analyze.Single(await Analyze.CaptureAsync(capture), "tls-alert");

        Assert.Equal("1 TLS handshake ended with alert protocol_version (70) from the server after ClientHello", finding.Says);
    }

    [Fact]
    public async Task Certificate_ExpiredAndForAnotherName_IsFound()
    {
        CaptureMaker capture = new();
        using var certificate = TlsTalks.Certificate("old.shop.example", untilMonth: 2);
        await TlsTalks.AddAsync(capture, SslProtocols.Tls12, certificate);

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal("1 handshake with a certificate that expired on 2026-02-01", Analyze.Single(card, "tls-certificate-expired").Says);
        Assert.Equal("1 handshake with a certificate for other names: old.shop.example, *.other.example", Analyze.Single(card, "tls-certificate-name").Says);
    }

    [Theory]
    [InlineData("api.other.example", true)]
    [InlineData("API.OTHER.example", true)]
    [InlineData("a.b.other.example", false)]
    [InlineData("other.example", false)]
    public void Covers_Star_IsOneLabel(string name, bool covered) =>
        Assert.Equal(covered, new TlsCertificate(["web.shop.example", "*.other.example"], default, default).Covers(name));

    /// <summary>CaptureFlow keeps 256 bytes of each packet when it is not asked for more.</summary>
    [Fact]
    public async Task HeadersOnly_HelloIsStillRead()
    {
        CaptureMaker capture = new();
        using var certificate = TlsTalks.Certificate();
        await TlsTalks.AddAsync(capture, SslProtocols.Tls13, certificate);

        var card = await Analyze.CaptureAsync(capture.Changed(frames => frames, snapLength: 256));

        Assert.Equal((1, 0), (card.Tls.Handshakes, card.Tls.Failed));
        Assert.Equal(("TLS 1.3", TlsTalks.Name), (Assert.Single(card.Tls.Servers[0].Versions), card.Tls.Servers[0].Name));
    }

    [Fact]
    public async Task Segments_OutOfOrderAndTwice_AreReadTheSame()
    {
        CaptureMaker capture = new();
        using var certificate = TlsTalks.Certificate();
        await TlsTalks.AddAsync(capture, SslProtocols.Tls12, certificate);

        // Each packet behind the next, from the one after the handshake of TCP on, and every third twice.
        var shuffled = capture.Changed(frames => frames.Take(3).Concat(frames.Skip(3).Chunk(2).SelectMany(pair => pair.Reverse().Append(pair[0]))));
        var card = await Analyze.CaptureAsync(shuffled);

        Assert.Equal((1, 1), (card.Tls.Handshakes, card.Tls.Completed));
        Assert.Equal([TlsTalks.Name, "*.other.example"], card.Tls.Servers[0].CertificateNames);
    }
}
