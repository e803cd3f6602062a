using System.Globalization;
using System.Text.Json;

namespace CaptureFlow.Functions.Tests.Api.Hostile;

/// <summary>Orders whose values are malformed or malicious: names, selectors, filters, quantities, texts.</summary>
internal static class HostileOrders
{
    private static readonly string[] Names =
    [
        "../../etc/passwd", "..%2f..%2fetc", "..\\..\\x", "/web", "web/", "//", "", " ", "web web", "web\n", "web\r\nX-Evil: 1", "web\0", "\0", "web\u001b[31m", "web\u0085",
        "WEB", "-web", "web-", "--all", "-w", "web;id", "web$(id)", "`id`", "web'--", "web\"x", "web|sh", "{{7*7}}", "${jndi:ldap://x}", "%00", "%2e%2e", "wéb", "ｗｅｂ",
        "\u202eweb", "web\u200b", "a/b/c", "*", "web?x=1", "web#x", new('a', 300),
    ];

    private static readonly string[] Selectors =
    [
        "", " ", ",", "=", "!", "app=web\n", "app=web\0", "app='web'", "app=\"web\"", "app=web;id", "app=$(id)", "app in (a,b", "app in a,b", "app=web,,b", "app==web==x", "((((",
        "--all", "-l app=web", "app=web%0a", "app=web&watch=true", "app=web#", "a/b/c=d", new('a', 1_001), $"{new string('a', 900)}!",
    ];

    private static readonly string[] Filters =
    [
        "-w /tmp/x", "-z sh", "-r /etc/shadow", "-", "--", "-i any", "--version", "tcp\nport 80", "tcp\0", "\u001b]0;x\u0007", "tcp\u0085", "tcp\tport 80", " ", "tcp\u202eport 80", new('(', 2_001),
    ];

    private static readonly string[] Durations =
    [
        "", "0s", "-5s", "500ms", "NaN", "Infinity", "-Infinity", "1e3s", "0x10s", " 30s", "30s ", "30", "s", "30sec", "5 m", "٣٠s", "1s;id", "30s\0", "2h", "99999999999999999999h",
        "P", "PT", "PT-5S", "-PT5S", "P-1D", "P1Y", "P1000D", "PT99999999999999H", "PT1S1S", "PT1,5S", "pt30s", "P1W", "2026-01-01T00:00:00Z", new('1', 40),
    ];

    // JSON, as it is.
    private static readonly (string Field, string[] Values)[] Bounds =
    [
        ("duration", ["30", "true", "[]", "{}", "1e400"]),
        ("maxBytes", ["-1", "0", "1.5", "9e99", "true", "[]", "\"-1\"", "\"NaN\"", "\"1e9\"", "\"10XB\"", "\"0x10\"", "\"1,000\"", "\"9999999999GB\"", "\"64 MiB x\"", "\"\"", "9223372036854775808", "99999999999999"]),
        ("maxPackets", ["-1", "0", "1.5", "\"many\"", "1e30", "[]", "9223372036854775808"]),
        ("snapLength", ["-1", "0", "63", "262145", "\"Full\"", "\"all\"", "\"256\"", "1.5", "1e9", "true", "2147483648"]),
        ("resolution", ["1"]),
    ];

    private static readonly string[] FilterObjects =
    [
        "7", "true", "[]", "[\"tcp\"]", "{\"expression\":\"-w x\"}", "{\"expression\":7}", "{\"port\":-1}", "{\"port\":0}", "{\"port\":65536}", "{\"port\":80.5}", "{\"port\":1e3000}",
        "{\"port\":\"http;id\"}", "{\"port\":\"--\"}", "{\"port\":\"\"}", "{\"port\":[80]}", "{\"service\":\"\"}", "{\"service\":\"a.b\"}", "{\"host\":\"x\"}", "{\"Port\":80}",
    ];

    private static readonly string[] Targets =
    [
        "null", "[]", "\"shop/web\"", "7", "{}", "{\"pod\":null}", "{\"pod\":7}", "{\"pod\":[\"shop/web\"]}", "{\"pod\":\"web\"}", "{\"pod\":\"shop/web\",\"selector\":\"app=web\"}",
        "{\"pod\":\"shop/web\",\"Pod\":\"shop/web\"}", "{\"pod\":\"shop/web\",\"__proto__\":{}}", "{\"pod\":\"shop/web\",\"node\":\"n\\u0000\"}", "{\"selector\":\"app=web\"}", "{\"pod\":\"shop/web\",\"maxPods\":1}",
    ];

    private static readonly string[] Workloads = ["pod/web", "deployment", "Deployment/web/x", "secrets/x", "deployment/", "/web"];

    private static readonly string[] Caps = ["0", "-1", "51", "1.5", "1e9", "\"3\"", "true"];

    private static readonly string[] Reasons = ["two\nlines", "bell\u0007", "c1\u0085", "\u001b[2J", "turned \u202e round", "zero\u200bwidth", "line\u2028separator", new('r', 501)];

    private static readonly string[] Windows = ["[]", "\"30s\"", "7"];

    public static IEnumerable<HostileRequest> All() =>
    [
        .. Names.SelectMany(OfName),
        .. Selectors.Select(selector => Target($"selector {selector}", ("namespace", Text("shop")), ("selector", Text(selector)))),
        .. Workloads.Select(workload => Target($"workload {workload}", ("namespace", Text("shop")), ("workload", Text(workload)))),
        .. Caps.Select(most => Target($"maxPods {most}", ("namespace", Text("shop")), ("selector", Text("app=web")), ("maxPods", most))),
        .. Filters.Select(filter => Pod($"filter {filter}", $"\"filter\":{Text(filter)}")),
        .. FilterObjects.Select(filter => Pod($"filter {filter}", $"\"filter\":{filter}")),
        .. Durations.Select(duration => Pod($"duration {duration}", $$"""
            "window":{"duration":{{Text(duration)}}}
            """)),
        .. Bounds.SelectMany(bound => bound.Values.Select(value => Pod($"{bound.Field} {value}", $$"""
            "window":{"{{bound.Field}}":{{value}}}
            """))),
        .. Windows.Select(window => Pod($"window {window}", $"\"window\":{window}")),
        .. Targets.Select(target => HostileRequest.Order($"target {target}", $"{{\"target\":{target}}}")),
        .. Reasons.Select(reason => Pod($"reason {reason}", $"\"reason\":{Text($"{HostileRequest.Secret} {reason}")}")),
        Pod("a field that is none", $"\"{HostileRequest.Secret}\\n\":1"),
        Pod("5,000 fields that are none", string.Join(',', Enumerable.Range(0, 5_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"f{i}\":1")))),
        Pod("a name of 60,000 characters", $"\"{new string('n', 60_000)}\":1"),
        Pod("a text of 60,000 characters", $"\"reason\":\"{new string('r', 60_000)}\""),
    ];

    private static IEnumerable<HostileRequest> OfName(string name) =>
    [
        Target($"pod {name}", ("namespace", Text("shop")), ("pod", Text(name))),
        Target($"namespace {name}", ("namespace", Text(name)), ("pod", Text("web"))),
        Target($"container {name}", ("pod", Text("shop/web")), ("container", Text(name))),
        Target($"cluster {name}", ("pod", Text("shop/web")), ("cluster", Text(name))),
        Target($"node {name}", ("node", Text(name))),
        Target($"pod of a node {name}", ("node", $"{{\"pod\":{Text($"shop/{name}")}}}")),
        Target($"method {name}", ("pod", Text("shop/web")), ("method", Text(name))),
        Target($"workload of name {name}", ("namespace", Text("shop")), ("workload", Text($"deployment/{name}"))),
        Pod($"service {name}", $$"""
            "filter":{"service":{{Text(name)}}}
            """),
    ];

    private static HostileRequest Pod(string name, string more) => HostileRequest.Order(name, $"{{\"target\":{{\"pod\":\"shop/web\"}},{more}}}");

    private static HostileRequest Target(string name, params (string Field, string Json)[] fields) =>
        HostileRequest.Order(name, $"{{\"target\":{{{string.Join(',', fields.Select(field => $"\"{field.Field}\":{field.Json}"))}}}}}");

    private static string Text(string text) => JsonSerializer.Serialize(text);
}
