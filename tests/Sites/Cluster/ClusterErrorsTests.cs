using System.Net;
using System.Net.WebSockets;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CaptureFlow.Sites.Tests.Cluster;

public sealed class ClusterErrorsTests
{
    [Theory]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(409, true)]
    [InlineData(422, true)]
    [InlineData(408, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(502, false)]
    [InlineData(503, false)]
    [InlineData(504, false)]
    public void Read_HttpStatus_TellsRefusedFromUnavailable(int status, bool refused)
    {
        var failure = ClusterErrors.Read(Answer(status, """{"kind":"Status","reason":"SomeReason","message":"the server's words","code":0}"""));

        Assert.Equal((status, "SomeReason", "the server's words", refused), (failure!.Status, failure.Reason, failure.Words, failure.Refused));
    }

    [Fact]
    public void Read_RetryAfter_IsHonoured()
    {
        var failure = ClusterErrors.Read(Answer(429, "slow down", ("Retry-After", "7")));

        Assert.Equal((TimeSpan.FromSeconds(7), "slow down"), (failure!.RetryAfter, failure.Words));
    }

    [Fact]
    public void Read_RetryAfterAsADate_IsKept()
    {
        var failure = ClusterErrors.Read(Answer(503, "slow down", ("Retry-After", "Tue, 01 Jan 2030 12:00:07 GMT")));

        Assert.Equal((null, new DateTimeOffset(2030, 1, 1, 12, 0, 7, TimeSpan.Zero)), (failure!.RetryAfter, failure.RetryAt));
    }

    [Fact]
    public void Read_RetryAfterInTheStatusAlone_IsHonoured()
    {
        var failure = ClusterErrors.Read(Answer(429, """{"kind":"Status","reason":"TooManyRequests","message":"later","details":{"retryAfterSeconds":3}}"""));

        Assert.Equal(TimeSpan.FromSeconds(3), failure!.RetryAfter);
    }

    [Fact]
    public void Read_KubernetesException_UsesItsStatus()
    {
        var failure = ClusterErrors.Read(new KubernetesException(new V1Status { Code = 403, Reason = "Forbidden", Message = "no" }));

        Assert.Equal((403, "Forbidden", "no", true), (failure!.Status, failure.Reason, failure.Words, failure.Refused));
    }

    [Theory]
    [InlineData("The server returned status code '404' when status code '101' was expected.", 404, true)]
    [InlineData("The server returned status code '500' when status code '101' was expected.", 500, false)]
    [InlineData("Unable to connect to the remote server", 0, false)]
    public void Read_WebSocketException_UnderstandsARefusedUpgrade(string message, int status, bool refused)
    {
        var failure = ClusterErrors.Read(new WebSocketException(message));

        Assert.Equal((status, refused), (failure!.Status, failure.Refused));
    }

    [Fact]
    public void Read_TransportErrors_AreUnavailable()
    {
        Exception[] exceptions =
        [
            new HttpRequestException("refused", new IOException("reset")), new IOException("reset"), new TimeoutException(), new TaskCanceledException(),
            new System.Text.Json.JsonException("cut"),
        ];

        Assert.All(exceptions, e => Assert.False(ClusterErrors.Read(e)!.Refused));
    }

    [Fact]
    public void Read_UntrustedCertificate_IsRefused()
    {
        var failure = ClusterErrors.Read(new HttpRequestException("ssl", new System.Security.Authentication.AuthenticationException("untrusted root")));

        Assert.Equal((true, "untrusted root"), (failure!.Refused, failure.Words));
    }

    [Fact]
    public void Read_ForeignException_IsNotUnderstood()
    {
        Assert.Null(ClusterErrors.Read(new InvalidOperationException("a bug")));
    }

    [Theory]
    [InlineData(403, "pods \"web\" is forbidden: User \"x\" cannot patch resource \"pods/ephemeralcontainers\" in API group \"\"", FaultCodes.RightMissing)]
    [InlineData(403, "pods \"web\" is forbidden: violates PodSecurity \"restricted:latest\": unrestricted capabilities", FaultCodes.AdmissionRefused)]
    [InlineData(401, "Unauthorized", FaultCodes.ClusterRefused)]
    [InlineData(422, "spec: Invalid value", FaultCodes.ClusterRefused)]
    public void ToFault_Refusal_HasAStableCodeARemedyAndTheServersWords(int status, string words, string code)
    {
        var fault = ClusterErrors.ToFault(new ClusterRefusalException(status, "Reason", words));

        Assert.Equal(code, fault.Code);
        Assert.Contains(words, fault.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData(422, "pods \"web\" is forbidden: ValidatingAdmissionPolicy 'no-debug' with binding 'everywhere' denied request: no ephemeral containers", "The ValidatingAdmissionPolicy 'no-debug'")]
    [InlineData(403, "pods \"web\" is forbidden: ValidatingAdmissionPolicy 'no-debug' with binding 'everywhere' denied request: no ephemeral containers", "The ValidatingAdmissionPolicy 'no-debug'")]
    [InlineData(401, "pods \"web\" is forbidden: ValidatingAdmissionPolicy 'no-debug' with binding 'everywhere' denied request: no ephemeral containers", "The ValidatingAdmissionPolicy 'no-debug'")]
    [InlineData(400, "admission webhook \"validate.example.org\" denied the request: no root here", "The admission webhook 'validate.example.org'")]
    [InlineData(422, "admission webhook \"validate.example.org\" denied the request: no root here", "The admission webhook 'validate.example.org'")]
    [InlineData(403, "admission webhook \"validate.example.org\" denied the request without explanation", "The admission webhook 'validate.example.org'")]
    public void ToFault_PolicyOrWebhook_IsAdmissionRefusedByItsNameWhateverTheStatus(int status, string words, string name)
    {
        var fault = ClusterErrors.ToFault(new ClusterRefusalException(status, "Reason", words));

        Assert.Equal(FaultCodes.AdmissionRefused, fault.Code);
        Assert.StartsWith(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Conflict", "Operation cannot be fulfilled on resourcequotas \"quota\": the object has been modified; please apply your changes to the latest version and try again", false)]
    [InlineData("Conflict", "Operation cannot be fulfilled on pods \"web\": the object has been modified; please apply your changes to the latest version and try again", false)]
    [InlineData("Conflict", "Operation cannot be fulfilled on serviceaccounts \"x\": Precondition failed: UID in precondition: a, UID in object meta: b", true)]
    [InlineData("AlreadyExists", "serviceaccounts \"x\" already exists", true)]
    public void Read_Conflict_IsAskedAgainOnlyWhenSomebodyElseWasFaster(string reason, string words, bool refused)
    {
        var failure = ClusterErrors.Read(Answer(409, System.Text.Json.JsonSerializer.Serialize(new { kind = "Status", reason, message = words, code = 409 })));

        Assert.Equal((refused, words), (failure!.Refused, failure.Words));
    }

    [Fact]
    public void ToFault_NoKubeConfig_SaysWhatToSet()
    {
        var fault = ClusterErrors.ToFault(new ClusterRefusalException(ClusterRefusalException.NoConnection, "NoKubeConfig", "not found"));

        Assert.Equal(FaultCodes.ClusterUnavailable, fault.Code);
        Assert.Contains(ClusterOptions.Section, fault.Remedy, StringComparison.Ordinal);
    }

    private static HttpOperationException Answer(int status, string body, params (string Name, string Value)[] headers)
    {
        using var message = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return new HttpOperationException { Response = new HttpResponseMessageWrapper(message, body) };
    }
}
