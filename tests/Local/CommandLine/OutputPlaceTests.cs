using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class OutputPlaceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Problem_FolderThatCanBeWrittenOrMade_IsNoneAndNothingIsLeft()
    {
        Assert.Null(OutputPlace.Problem(_folder.FullName));
        Assert.Null(OutputPlace.Problem(Path.Combine(_folder.FullName, "new", "folder")));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Problem_FolderThatTakesNoFiles_IsNamedWithTheWayOut()
    {
        var problem = OutputPlace.Problem("/proc/self/new folder");

        Assert.StartsWith("Nothing can be written to '/proc/self': ", problem, StringComparison.Ordinal);
        Assert.EndsWith("Choose another place with -o.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Warning_OnlyWhereTheLargestFileDoesNotFit()
    {
        Assert.Null(OutputPlace.Warning(_folder.FullName, 1));
        Assert.Contains("the file may become 9223372.0 TB. If it does not fit, it is kept", OutputPlace.Warning(_folder.FullName, long.MaxValue), StringComparison.Ordinal);
    }
}
