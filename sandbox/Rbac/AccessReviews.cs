using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>Answers the review resources: what may I, what may they, who am I.</summary>
internal sealed class AccessReviews(Authorizer authorizer)
{
    internal ApiReply Answer(ResourceKind kind, JsonObject review, UserInfo user, string space)
    {
        var reply = review.Copy();
        reply["kind"] = kind.Kind;
        reply["apiVersion"] = kind.ApiVersion;
        reply.Child("metadata");
        switch (kind.Kind)
        {
            case "SelfSubjectReview":
                reply["status"] = new JsonObject { ["userInfo"] = Describe(user) };
                break;
            case "SelfSubjectRulesReview":
                reply["status"] = Rules(user, review.Text("spec", "namespace") ?? "");
                break;
            case "SelfSubjectAccessReview":
                reply["status"] = Decide(review, user);
                break;
            default:
                if (kind.Namespaced && review.Text("spec", "resourceAttributes", "namespace") != space)
                {
                    return ApiReply.Invalid(kind, "", FieldFault.Invalid(
                        "spec.resourceAttributes.namespace", "", "must match metadata.namespace"));
                }

                var asked = new UserInfo(review.Text("spec", "user") ?? "", review.Text("spec", "uid") ?? "", review.Texts("spec", "groups"));
                reply["status"] = Decide(review, asked);
                break;
        }

        return ApiReply.Created(reply);
    }

    private JsonObject Decide(JsonObject review, UserInfo user)
    {
        var path = review.At("spec", "nonResourceAttributes");
        var what = review.At("spec", "resourceAttributes");
        var request = path is not null
            ? new AccessRequest(user, path.Text("verb") ?? "", IsResource: false, Path: path.Text("path") ?? "")
            : new AccessRequest(
                user,
                what.Text("verb") ?? "",
                what.Text("group") ?? "",
                what.Text("resource") ?? "",
                what.Text("subresource") ?? "",
                what.Text("name") ?? "",
                what.Text("namespace") ?? "");
        var decision = authorizer.Decide(request);
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        return status;
    }

    private JsonObject Rules(UserInfo user, string space)
    {
        var rules = authorizer.RulesOf(user, space);
        return new JsonObject
        {
            ["resourceRules"] = rules.Where(rule => rule.NonResourceUrls.Length == 0).Select(rule => (JsonNode?)rule.ToJson()).ToJsonArray(),
            ["nonResourceRules"] = rules.Where(rule => rule.NonResourceUrls.Length > 0).Select(rule => (JsonNode?)rule.ToJson()).ToJsonArray(),
            ["incomplete"] = false,
        };
    }

    private static JsonObject Describe(UserInfo user)
    {
        var described = new JsonObject { ["username"] = user.Name };
        if (user.Uid.Length > 0)
        {
            described["uid"] = user.Uid;
        }

        described["groups"] = user.Groups.Select(group => (JsonNode?)group).ToJsonArray();
        return described;
    }
}
