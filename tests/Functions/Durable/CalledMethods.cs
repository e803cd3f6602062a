using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace CaptureFlow.Functions.Tests.Durable;

/// <summary>
/// Everything that a method can call, by its IL: through helpers, lambdas and async state machines, as far as they are this project's own; of
/// other people's methods, the calls to them alone.
/// </summary>
internal static class CalledMethods
{
    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodesByValue =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xffff);

    /// <summary>Calls that are reached from a method, each with one of the methods that make it.</summary>
    public static IReadOnlyDictionary<MethodBase, MethodBase> From(MethodBase root)
    {
        Dictionary<MethodBase, MethodBase> found = [];
        HashSet<MethodBase> walked = [];
        Stack<MethodBase> open = new([root]);
        while (open.TryPop(out var method))
        {
            if (!walked.Add(method))
            {
                continue;
            }

            if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
            {
                open.Push(machine.StateMachineType.GetMethod("MoveNext", Everything)!);
            }

            foreach (var called in In(method))
            {
                found.TryAdd(called, method);
                foreach (var own in Targets(called, root).Where(target => IsOwn(target.DeclaringType)))
                {
                    open.Push(own);
                }
            }
        }

        return found;
    }

    private static bool IsOwn(Type? type) => type?.Assembly.GetName().Name!.StartsWith("CaptureFlow.", StringComparison.Ordinal) == true;

    /// <summary>The method itself, and where it is virtual what overrides it: a call names the method where it was first declared.</summary>
    private static IEnumerable<MethodBase> Targets(MethodBase called, MethodBase root)
    {
        yield return called;
        if (!called.IsVirtual || called.DeclaringType is null || called.DeclaringType == typeof(object) || (called.DeclaringType.IsInterface && !IsOwn(called.DeclaringType)))
        {
            yield break;
        }

        Type[] signature = [.. called.GetParameters().Select(parameter => parameter.ParameterType)];
        var types = root.Module.Assembly.GetReferencedAssemblies().Append(root.Module.Assembly.GetName())
            .Where(name => name.Name!.StartsWith("CaptureFlow.", StringComparison.Ordinal))
            .SelectMany(name => Assembly.Load(name).GetTypes());
        foreach (var type in types.Where(type => type.IsClass && called.DeclaringType.IsAssignableFrom(type)))
        {
            if (type.GetMethod(called.Name, Everything, signature) is { IsVirtual: true } target && target != called)
            {
                yield return target;
            }
        }
    }

    private static IEnumerable<MethodBase> In(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            yield break;
        }

        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var opCode = OpCodesByValue[code[at] == 0xfe ? 0xfe00 | code[at + 1] : code[at]];
            at += opCode.Size;
            if (opCode.OperandType is OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
            }

            at += Operand(opCode.OperandType, code, at);
        }
    }

    private static int Operand(OperandType type, byte[] code, int at) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
