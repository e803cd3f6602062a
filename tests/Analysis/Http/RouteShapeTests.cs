using System.Text;

namespace CaptureFlow.Analysis.Tests;

/// <summary>What of a path is shown.</summary>
public sealed class RouteShapeTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/cart?session=s3cr3t", "/cart")]
    [InlineData("/cart#part", "/cart")]
    [InlineData("/cart;jsessionid=s3cr3t", "/cart")]
    [InlineData("/api/v1/namespaces/shop/pods", "/api/v1/namespaces/shop/pods")]
    [InlineData("/apis/apps/v1beta1/replica-sets", "/apis/apps/v1beta1/replica-sets")]
    [InlineData("/orders/12345", "/orders/{id}")]
    [InlineData("/orders/8c5ff3d2-9a3c-4a7e-8c0b-1f2e3d4c5b6a/items", "/orders/{id}/items")]
    [InlineData("/users/a.person@example.com", "/users/{id}")]
    [InlineData("/reset/aGVsbG8gd29ybGQgZm9vYmFy", "/reset/{id}")]
    [InlineData("/reset/qWeRtYuIoPaSdFgH", "/reset/{id}")]
    [InlineData("/a%20b/getThingByName", "/{id}/getThingByName")]
    [InlineData("/pods/web-7d9f8c-x2x1z", "/pods/{id}")]
    [InlineData("http://web.shop:8080/cart?x=1", "/cart")]
    [InlineData("http://web.shop", "/")]
    [InlineData("*", "*")]
    [InlineData("s3cr3t", "{id}")]
    [InlineData("//x", "//x")]
    [InlineData("/a/b/c/d/e/f/g/h/i/j", "/a/b/c/d/e/f/g/h/…")]
    [InlineData("/a`b|c", "/{id}")]
    public void Of_Target_KeepsWordsOnly(string target, string shape) => Assert.Equal(shape, RouteShape.Of(Encoding.ASCII.GetBytes(target)));

    [Theory]
    [InlineData("/shop.v1.Cart2/AddItem", "/shop.v1.Cart2/AddItem")]
    [InlineData("/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Check")]
    [InlineData("/12345/67890", "/{id}/{id}")]
    [InlineData("/Cart/Add?x=1", "/Cart/Add")]
    public void OfCall_Path_IsServiceAndMethod(string path, string shape) => Assert.Equal(shape, RouteShape.OfCall(Encoding.ASCII.GetBytes(path)));
}
