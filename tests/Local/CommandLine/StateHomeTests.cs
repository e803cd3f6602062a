using System.Runtime.Versioning;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Local.Tests.Durable;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>State where there is no home: in a folder that is this user's own, or nowhere.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StateHomeTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _temporary = new();

    private string Folder => Path.Combine(_temporary.Path, "captureflow");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void AmongTemporary_NothingThere_IsMadeForThisUserAlone()
    {
        Assert.Equal(Folder, StateHome.AmongTemporary(_temporary.Path));
        Assert.Equal(Folder, StateHome.AmongTemporary(_temporary.Path));

        Assert.Equal(Private, File.GetUnixFileMode(Folder));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void AmongTemporary_OthersMayWrite_IsRefused(UnixFileMode more)
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, Private | more);

        AssertRefused("can be written by others");
    }

    [Fact]
    public async Task AmongTemporary_OfAnotherUser_IsRefused()
    {
        Needs.Root();
        Directory.CreateDirectory(Folder);
        using (var chown = System.Diagnostics.Process.Start("chown", ["65534", Folder]))
        {
            await chown.WaitForExitAsync();
        }

        AssertRefused("belongs to another user");
    }

    [Fact]
    public void AmongTemporary_LinkToElsewhere_IsRefused()
    {
        Directory.CreateSymbolicLink(Folder, Directory.CreateDirectory(Path.Combine(_temporary.Path, "elsewhere"), Private).FullName);

        AssertRefused("is a link to elsewhere");
    }

    [Fact]
    public void AmongTemporary_FileOfThatName_IsRefused()
    {
        File.WriteAllText(Folder, "");

        AssertRefused("cannot be made");
    }

    private void AssertRefused(string why)
    {
        var refusal = Assert.Throws<HostRefusedException>(() => StateHome.AmongTemporary(_temporary.Path));

        Assert.Contains($"the folder {Folder} {why}", refusal.Problem, StringComparison.Ordinal);
        Assert.Contains("XDG_STATE_HOME", refusal.Remedy, StringComparison.Ordinal);
    }
}
