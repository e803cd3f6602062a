using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.Tests.Hosting;

public sealed class HostSettingsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_TheShippedFile_ItsPrefixAndTimeout()
    {
        var settings = HostSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));

        Assert.Equal(("api", TimeSpan.FromMinutes(10)), (settings.RoutePrefix, settings.FunctionTimeout));
    }

    [Fact]
    public void Read_OwnPrefix_Honoured()
    {
        File.WriteAllText(_path, """{ "extensions": { "http": { "routePrefix": "v2" } } }""");

        Assert.Equal("v2", HostSettings.Read(_path).RoutePrefix);
    }

    [Fact]
    public void Read_BrokenFile_RefusedWithItsName()
    {
        File.WriteAllText(_path, "{");

        Assert.Contains(_path, Assert.Throws<HostRefusedException>(() => HostSettings.Read(_path)).Problem, StringComparison.Ordinal);
    }
}
