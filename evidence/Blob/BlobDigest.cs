using Azure;

namespace CaptureFlow.Evidence;

/// <summary>What reading a blob's content found, and at which state of the blob.</summary>
/// <param name="ETag">The state: as long as it is the blob's, so is the rest.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Md5">Recorded as the blob's Content-MD5, which the service does not compute for blobs made of blocks.</param>
internal sealed record BlobDigest(ETag ETag, long Bytes, string Sha256, byte[] Md5);
