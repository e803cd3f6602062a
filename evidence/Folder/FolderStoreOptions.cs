using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Evidence;

/// <summary>Where the folder store keeps captures.</summary>
public sealed class FolderStoreOptions
{
    public const string Section = "CaptureFlow:FolderStore";

    /// <summary>
    /// The folder, absolute or relative to the working directory; made when it does not exist. Staging and stored captures share it, so
    /// that storing is a rename: it must be one file system.
    /// </summary>
    /// <value>None; it has to be set.</value>
    [Required]
    public string Folder { get; set; } = string.Empty;
}
