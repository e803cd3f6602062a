namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Lets functions speak ASP.NET Core's HTTP types.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
}
