using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s.Models;

namespace CaptureFlow.Sites.Tests.Targets;

public sealed class PortNamesTests
{
    private static readonly V1Pod Pod = new()
    {
        Metadata = new() { Name = "web", NamespaceProperty = "shop", Labels = new Dictionary<string, string> { ["app"] = "web" } },
        Spec = new()
        {
            Containers =
            [
                new() { Name = "app", Ports = [new() { Name = "http", ContainerPort = 8080 }, new() { Name = "dns", ContainerPort = 53, Protocol = "UDP" }] },
                new() { Name = "proxy", Ports = [new() { Name = "http", ContainerPort = 8443, Protocol = "TCP" }] },
            ],
        },
    };

    [Theory]
    [InlineData("dns", "udp port 53")]
    [InlineData("53", "udp port 53")]
    [InlineData("http", "tcp port 8080 or tcp port 8443")]
    [InlineData("9090", "port 9090")]
    [InlineData("grpc", null)]
    [InlineData("0", null)]
    [InlineData("65536", null)]
    [InlineData("80 or host 1.2.3.4", null)]
    public void Expression_OfAPort_IsWhatThePodDeclares(string port, string? expected)
    {
        Assert.Equal(expected, PodPorts.Expression(Pod, port));
    }

    [Fact]
    public void Expression_ServiceOfABackend_IsThePortThatItSendsTo()
    {
        var service = Service(new() { ["app"] = "web" }, "10.0.0.9", new V1ServicePort { Port = 80, TargetPort = "dns", Protocol = "UDP" }, new V1ServicePort { Port = 81, TargetPort = 9090 });

        var (expression, fault) = ServicePorts.Expression(service, Pod);

        Assert.Equal(("udp port 53 or tcp port 9090", null), (expression, fault));
    }

    [Fact]
    public void Expression_ServiceInAnotherPod_IsItsAddressAndItsPort()
    {
        var service = Service(new() { ["app"] = "db" }, "10.0.0.9", new V1ServicePort { Port = 5432 });

        var (expression, fault) = ServicePorts.Expression(service, Pod);

        Assert.Equal(("(host 10.0.0.9) and (tcp port 5432)", null), (expression, fault));
    }

    [Fact]
    public void Expression_HeadlessServiceInAnotherPod_IsRefused()
    {
        var (expression, fault) = ServicePorts.Expression(Service(new() { ["app"] = "db" }, "None", new V1ServicePort { Port = 5432 }), Pod);

        Assert.Null(expression);
        Assert.Equal((FaultCodes.PortNotFound, "filter.service"), (fault!.Code, fault.Field));
    }

    [Fact]
    public void Expression_ServiceToAnUndeclaredName_IsRefused()
    {
        var (expression, fault) = ServicePorts.Expression(Service(new() { ["app"] = "web" }, "10.0.0.9", new V1ServicePort { Port = 80, TargetPort = "grpc" }), Pod);

        Assert.Null(expression);
        Assert.Equal(FaultCodes.PortNotFound, fault!.Code);
    }

    [Theory]
    [InlineData("200Mi", "100Mi", 300L << 20)]
    [InlineData("200Mi", null, null)]
    [InlineData(null, null, null)]
    public void Limit_OfAPod_IsTheSumWhenEveryContainerHasOne(string? first, string? second, long? expected)
    {
        var pod = new V1Pod { Spec = new() { Containers = [Limited(first), Limited(second)] } };

        Assert.Equal(expected, StorageRules.Limit(pod));
    }

    [Fact]
    public void Write_Selector_AsKubectlTakesIt()
    {
        var selector = new V1LabelSelector
        {
            MatchLabels = new Dictionary<string, string> { ["app"] = "web" },
            MatchExpressions =
            [
                new() { Key = "tier", OperatorProperty = "NotIn", Values = ["cache", "db"] },
                new() { Key = "zone", OperatorProperty = "Exists" },
                new() { Key = "canary", OperatorProperty = "DoesNotExist" },
            ],
        };

        Assert.Equal("app=web,tier notin (cache,db),zone,!canary", Workloads.Write(selector));
    }

    private static V1Container Limited(string? storage) => new()
    {
        Name = "c",
        Resources = storage is null ? null : new() { Limits = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new(storage) } },
    };

    private static V1Service Service(Dictionary<string, string> selector, string address, params V1ServicePort[] ports) => new()
    {
        Metadata = new() { Name = "svc", NamespaceProperty = "shop" },
        Spec = new() { Selector = selector, ClusterIP = address, Ports = ports },
    };
}
