using Google.Apis.Auth.OAuth2;

namespace Google.Api.Gax.Grpc
{
    public sealed class CallSettings
    {
        private CallSettings()
        {
        }
    }

    public abstract class ClientBuilderBase<TClient>
    {
        public GoogleCredential? GoogleCredential { get; set; }

        public virtual Task<TClient> BuildAsync(CancellationToken cancellationToken = default) =>
            throw new PlatformNotSupportedException("This build has no Google.Cloud.Compute.V1: it was made with UseGooglePolyfill=true.");
    }
}

namespace Google.Api.Gax
{
    public abstract class PagedAsyncEnumerable<TResponse, TResource> : IAsyncEnumerable<TResource>
    {
        public virtual IAsyncEnumerator<TResource> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotImplementedException();
    }
}

namespace Google.LongRunning
{
    public sealed class Operation<TResponse, TMetadata>
        where TResponse : class
        where TMetadata : class
    {
        private Operation()
        {
        }
    }
}
