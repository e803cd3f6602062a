using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class DemoFolderTests
{
    [Fact]
    public void Create_FolderOfAKilledDemo_RemovedAndTheOthersKept()
    {
        var killed = Directory.CreateTempSubdirectory("captureflow-demo-");
        File.WriteAllText(Path.Combine(killed.FullName, "rest"), "");
        Directory.SetLastWriteTimeUtc(killed.FullName, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        var young = Directory.CreateTempSubdirectory("captureflow-demo-");
        using var alive = DemoFolder.Create(TimeProvider.System);
        Directory.SetLastWriteTimeUtc(alive.Path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));

        using (var next = DemoFolder.Create(TimeProvider.System))
        {
            Assert.True(Directory.Exists(next.Path));
        }

        Assert.False(Directory.Exists(killed.FullName));
        Assert.True(Directory.Exists(alive.Path));
        Assert.True(Directory.Exists(young.FullName));
        young.Delete();
    }
}
