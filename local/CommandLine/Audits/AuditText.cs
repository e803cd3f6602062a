using System.Globalization;
using CaptureFlow.Functions.Reaping;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Prints an audit for people.</summary>
internal static class AuditText
{
    public static void Write(AuditView audit, TextWriter output)
    {
        foreach (var grant in audit.Grants)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"live     {grant.Cluster} {grant.Namespace} {grant.CaptureId}  {grant.AgeSeconds:0} s old, until {grant.ExpiresAt.UtcDateTime:HH:mm:ss}Z, for {grant.RequestedBy}{(grant.Reason is { } reason ? $": {reason}" : string.Empty)}"));
        }

        foreach (var finding in audit.Overdue)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"OVERDUE  {finding.Cluster} {finding.Kind} {finding.Namespace}/{finding.Name}  for {(audit.At - finding.ExpiredAt).TotalSeconds:0} s; the reaper takes it back within a minute where one runs"));
        }

        foreach (var fault in audit.Faults)
        {
            output.WriteLine($"unknown  {fault.Message} {fault.Detail}");
            output.WriteLine($"         {fault.Remedy}");
        }

        output.WriteLine(audit.Statement);
        output.Flush();
    }
}
