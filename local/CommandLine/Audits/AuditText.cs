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
                $"live     {grant.Cluster} {grant.Namespace} {grant.CaptureId}  {Wording.Of(TimeSpan.FromSeconds(Math.Floor(grant.AgeSeconds)))} old, until {grant.ExpiresAt.UtcDateTime:HH:mm:ss}Z, for {grant.RequestedBy}{(grant.Reason is { } reason ? $": {reason}" : string.Empty)}"));
        }

        foreach (var grant in audit.Grants)
        {
            if (grant.ClaimedExpiresAt is { } claimed)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"beyond   {grant.Cluster} {grant.Namespace} {grant.CaptureId}  claims to last until {claimed.UtcDateTime:yyyy-MM-dd}, {(claimed - grant.ExpiresAt).TotalDays:0.#} days beyond any capture's ceiling; see who made it"));
            }
        }

        foreach (var finding in audit.Overdue)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"OVERDUE  {finding.Cluster} {finding.Kind} {finding.Namespace}/{finding.Name}  for {Wording.Of(TimeSpan.FromSeconds(Math.Floor((audit.At - finding.ExpiredAt).TotalSeconds)))}; the reaper takes it back within a minute where one runs"));
        }

        foreach (var finding in audit.Taken ?? [])
        {
            output.WriteLine($"taken    {finding.Cluster} {finding.Kind} {finding.Namespace}/{finding.Name}  is taken back, and its absence was seen");
        }

        foreach (var fault in audit.Faults)
        {
            output.WriteLine($"unknown  {fault.Message} {fault.Detail}");
            output.WriteLine($"         {fault.Remedy}");
        }

        foreach (var owed in audit.Unproven ?? [])
        {
            output.WriteLine($"unproven {owed.CaptureId}  after {owed.Tries.Count} tries of the reaper: {owed.Tries.LastAnswer ?? "not tried yet"}");
        }

        foreach (var stuck in audit.Stuck ?? [])
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stuck    {stuck.CaptureId}  should have ended by {stuck.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; the reaper sees to it"));
        }

        output.WriteLine(audit.Statement);
        output.Flush();
    }
}
