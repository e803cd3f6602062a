using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CaptureFlow.Sandbox.Faults;

/// <summary>The rules in force. The first rule that matches and is not spent plays.</summary>
internal sealed class FaultTable
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private int _made;

    internal IReadOnlyList<FaultState> List()
    {
        lock (_gate)
        {
            return [.. _entries.Select(entry => new FaultState(entry.Rule, entry.Seen, entry.Hits))];
        }
    }

    /// <summary>Adds a rule; a fault in it is told instead.</summary>
    internal (FaultRule? Rule, string Fault) Add(FaultRule rule)
    {
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(rule, new ValidationContext(rule), faults, validateAllProperties: true))
        {
            return (null, string.Join("; ", faults.Select(fault => fault.ErrorMessage)));
        }

        Regex path;
        try
        {
            path = new Regex(rule.Path, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException fault)
        {
            return (null, fault.Message);
        }

        lock (_gate)
        {
            var named = rule.Id.Length > 0 ? rule : rule with { Id = (++_made).ToString(CultureInfo.InvariantCulture) };
            _entries.RemoveAll(entry => entry.Rule.Id == named.Id);
            _entries.Add(new Entry(named, path));
            return (named, "");
        }
    }

    /// <summary>Removes one rule, or all when the id is empty; the number removed.</summary>
    internal int Remove(string id)
    {
        lock (_gate)
        {
            return _entries.RemoveAll(entry => id.Length == 0 || entry.Rule.Id == id);
        }
    }

    internal FaultRule? Match(string method, string target, string user)
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (entry.Matches(method, target, user) && ++entry.Seen > entry.Rule.After
                    && (entry.Rule.Times == 0 || entry.Hits < entry.Rule.Times))
                {
                    entry.Hits++;
                    return entry.Rule;
                }
            }
        }

        return null;
    }

    private sealed class Entry(FaultRule rule, Regex path)
    {
        internal FaultRule Rule => rule;

        internal int Seen { get; set; }

        internal int Hits { get; set; }

        internal bool Matches(string method, string target, string user) =>
            (rule.Method.Length == 0 || rule.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
            && (rule.User.Length == 0 || rule.User == user)
            && path.IsMatch(target);
    }
}
