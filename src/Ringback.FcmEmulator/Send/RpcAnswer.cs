using System.Globalization;
using System.Text.Json;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Send;

/// <summary>Writes a <see cref="RpcStatus"/> as the answer.</summary>
internal static class RpcAnswer
{
    private const string TypePrefix = "type.googleapis.com/";

    public static Task RefuseAsync(HttpContext context, RpcStatus status)
    {
        if (status.Code == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
        }
        if (status.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.AsDate
                ? context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().AddSeconds(wait.Seconds).ToString("R", CultureInfo.InvariantCulture)
                : wait.Seconds.ToString(CultureInfo.InvariantCulture);
        }
        return JsonAnswer.WriteAsync(context, status.Code, json => Write(json, status));
    }

    private static void Write(Utf8JsonWriter json, RpcStatus status)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", status.Code);
        json.WriteString("message", status.Message);
        json.WriteString("status", status.Status);
        if (status.Details.Count > 0)
        {
            json.WriteStartArray("details");
            foreach (var detail in status.Details)
            {
                json.WriteStartObject();
                WriteDetail(json, detail);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDetail(Utf8JsonWriter json, StatusDetail detail)
    {
        switch (detail)
        {
            case StatusDetail.FcmError fcm:
                json.WriteString("@type", TypePrefix + "google.firebase.fcm.v1.FcmError");
                json.WriteString("errorCode", fcm.ErrorCode);
                break;
            case StatusDetail.BadRequest bad:
                json.WriteString("@type", TypePrefix + "google.rpc.BadRequest");
                json.WriteStartArray("fieldViolations");
                foreach (var violation in bad.Violations)
                {
                    json.WriteStartObject();
                    json.WriteString("field", violation.Field);
                    json.WriteString("description", violation.Description);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
            case StatusDetail.QuotaFailure quota:
                json.WriteString("@type", TypePrefix + "google.rpc.QuotaFailure");
                json.WriteStartArray("violations");
                json.WriteStartObject();
                json.WriteString("subject", quota.Subject);
                json.WriteString("description", quota.Description);
                json.WriteEndObject();
                json.WriteEndArray();
                break;
            case StatusDetail.Help help:
                json.WriteString("@type", TypePrefix + "google.rpc.Help");
                json.WriteStartArray("links");
                json.WriteStartObject();
                json.WriteString("description", help.Description);
                json.WriteString("url", help.Url);
                json.WriteEndObject();
                json.WriteEndArray();
                break;
            case StatusDetail.ErrorInfo info:
                json.WriteString("@type", TypePrefix + "google.rpc.ErrorInfo");
                json.WriteString("reason", info.Reason);
                json.WriteString("domain", info.Domain);
                json.WriteStartObject("metadata");
                foreach (var (name, value) in info.Metadata)
                {
                    json.WriteString(name, value);
                }
                json.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"No JSON for {detail.GetType().Name}");
        }
    }
}
