using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Prints a plan for people.</summary>
internal static class PlanText
{
    public static void Write(PlanResult result, TextWriter output)
    {
        foreach (var pod in result.Pods)
        {
            WritePod(pod, output);
        }

        foreach (var pod in result.LeftOut)
        {
            output.WriteLine($"left out  {pod.Pod}: {pod.Reason}");
        }

        foreach (var fault in result.Faults)
        {
            WriteFault(fault, output);
        }

        if (result.Problem is { } problem)
        {
            output.WriteLine(problem);
        }

        output.WriteLine(result.ExitCode switch
        {
            ExitCodes.Complete => "Ready to capture. Nothing was changed.",
            ExitCodes.Unchecked => $"Not everything could be checked ({string.Join(", ", result.Unchecked)}): see the lines marked with a question mark. Nothing was changed.",
            ExitCodes.Refused => "This capture would be refused. Nothing was changed.",
            _ => "Could not find out. Nothing was changed.",
        });
        output.Flush();
    }

    private static void WritePod(PlannedOrder pod, TextWriter output)
    {
        if (pod.Pod is { } name)
        {
            output.WriteLine($"== {name}");
        }

        foreach (var check in pod.Checks)
        {
            output.WriteLine($"{Mark(check.Outcome)}  {check.Name,-9}  {check.Message}");
            Line(output, check.Outcome == PreflightOutcome.Passed ? null : check.Remedy);
            Line(output, check.Detail);
        }

        if (pod.Plan is { } plan)
        {
            output.WriteLine();
            output.WriteLine($"  image      {plan.Image}");
            output.WriteLine($"  command    {string.Join(' ', plan.Arguments.Select(Quote))}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  at most    {Wording.Of(plan.ByteBound)}{(plan.PacketBound is { } packets ? $", {Wording.Count(packets, "packet")}" : string.Empty)}, {Wording.Of(plan.Order.LongestWindow)}"));
            output.WriteLine($"  rights     taken back after the capture, and expire after {Wording.Of(plan.GrantLifetime)} by themselves");
            output.WriteLine($"  sees       {plan.Sees}");
            if (plan.Choice is { } choice)
            {
                output.WriteLine($"  method     {choice}");
            }

            foreach (var why in plan.Approval?.Why ?? [])
            {
                output.WriteLine($"  approval   {why}");
            }

            if (plan.Admission is { } admission)
            {
                output.WriteLine($"  quotas     {string.Join(", ", admission.Claims.Select(claim => claim.Setting).Distinct())}: {(admission.Queue ? "waits in line" : "is refused")} when over one of them");
            }

            output.WriteLine();
        }
    }

    private static void WriteFault(CaptureFault fault, TextWriter output)
    {
        output.WriteLine($"{Mark(PreflightOutcome.Refused)}  {fault.Code}  {fault.Message}");
        Line(output, fault.Remedy);
        Line(output, fault.Detail);
    }

    private static string Mark(PreflightOutcome outcome) => outcome switch
    {
        PreflightOutcome.Passed => "ok ",
        PreflightOutcome.Warned => "note",
        PreflightOutcome.Refused => "NO ",
        PreflightOutcome.Unknown => "?  ",
    };

    private static void Line(TextWriter output, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            output.WriteLine($"                {text}");
        }
    }

    // For reading and pasting: the filter is one argument.
    private static string Quote(string argument) =>
        argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
