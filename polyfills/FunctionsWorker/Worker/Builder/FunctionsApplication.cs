namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Makes the builder of a functions app.</summary>
public class FunctionsApplication
{
    /// <exception cref="PlatformNotSupportedException">Always: this stand-in has no host.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw FunctionsApplicationBuilder.NoHost();
}
