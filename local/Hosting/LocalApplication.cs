using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Local.Hosting;

/// <summary>What a local host runs: the functions, and what composes their services.</summary>
/// <param name="Functions">Classes with <c>[Function]</c> methods.</param>
/// <param name="Compose">Adds the services that the classes ask for.</param>
internal sealed record LocalApplication(IEnumerable<Type> Functions, Action<IServiceCollection, IConfiguration> Compose);
