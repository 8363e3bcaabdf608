using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class FcmErrorMapTests
{
    private static readonly TimeSpan wait = TimeSpan.FromSeconds(17);

    private static readonly Dictionary<string, (int Http, string Body, Func<SendOutcome, bool> Expected)> rows = new()
    {
        ["400 INVALID_ARGUMENT with FcmError alone"] = (400, Error("INVALID_ARGUMENT", Fcm("INVALID_ARGUMENT")), o => o is SendOutcome.TargetSuspect { Code: "INVALID_ARGUMENT" }),
        ["400 INVALID_ARGUMENT about the token"] = (400, Error("INVALID_ARGUMENT", Fcm("INVALID_ARGUMENT"), Field("message.token")), o => o is SendOutcome.TargetSuspect),
        ["400 INVALID_ARGUMENT about the fid"] = (400, Error("INVALID_ARGUMENT", Field("message.fid"), Fcm("INVALID_ARGUMENT")), o => o is SendOutcome.TargetSuspect),
        ["400 INVALID_ARGUMENT about our message"] = (400, Error("INVALID_ARGUMENT", Fcm("INVALID_ARGUMENT"), Field("message.android.ttl")), o => Rejected(o, "message.android.ttl")),
        ["400 schema error"] = (400, Error("INVALID_ARGUMENT", Field("message.data[0].value")), o => Rejected(o, "message.data[0].value")),
        ["400 schema error about the token's type"] = (400, Error("INVALID_ARGUMENT", Field("message.token")), o => Rejected(o, "message.token")),
        ["400 without details"] = (400, Error("INVALID_ARGUMENT"), o => o is SendOutcome.Rejected { Code: "INVALID_ARGUMENT" }),
        ["401 UNAUTHENTICATED"] = (401, Error("UNAUTHENTICATED"), o => Fault(o, CredentialFaults.AccessToken)),
        ["401 THIRD_PARTY_AUTH_ERROR"] = (401, Error("UNAUTHENTICATED", Fcm("THIRD_PARTY_AUTH_ERROR")), o => Rejected(o, "APNs")),
        ["403 SENDER_ID_MISMATCH"] = (403, Error("PERMISSION_DENIED", Fcm("SENDER_ID_MISMATCH")), o => o is SendOutcome.TargetForeign { Code: "SENDER_ID_MISMATCH" }),
        ["403 SERVICE_DISABLED"] = (403, Error("PERMISSION_DENIED", Info("SERVICE_DISABLED")), o => Fault(o, CredentialFaults.ApiDisabled, "https://console.cloud.google.com/apis/library/fcm.googleapis.com?project=demo ")),
        ["403 IAM_PERMISSION_DENIED"] = (403, Error("PERMISSION_DENIED", Info("IAM_PERMISSION_DENIED")), o => Fault(o, CredentialFaults.RoleMissing, "roles/firebasecloudmessaging.admin")),
        ["403 without details"] = (403, Error("PERMISSION_DENIED"), o => Fault(o, CredentialFaults.RoleMissing, "roles/firebasecloudmessaging.admin")),
        ["403 CONSUMER_INVALID"] = (403, Error("PERMISSION_DENIED", Info("CONSUMER_INVALID")), o => Fault(o, CredentialFaults.WrongProject, "demo")),
        ["404 UNREGISTERED"] = (404, Error("NOT_FOUND", Fcm("UNREGISTERED")), o => o is SendOutcome.TargetDead { Code: "UNREGISTERED" }),
        ["404 NOT_FOUND"] = (404, Error("NOT_FOUND"), o => Fault(o, CredentialFaults.WrongProject, "demo")),
        ["404 that says UNREGISTERED in its message only"] = (404, """{"error":{"code":404,"status":"NOT_FOUND","message":"UNREGISTERED"}}""", o => Fault(o, CredentialFaults.WrongProject)),
        ["404 with a code of another service"] = (404, Error("NOT_FOUND", """{"@type":"type.googleapis.com/other.Error","errorCode":"UNREGISTERED"}"""), o => Fault(o, CredentialFaults.WrongProject)),
        ["429 QUOTA_EXCEEDED"] = (429, Error("RESOURCE_EXHAUSTED", Fcm("QUOTA_EXCEEDED")), o => o is SendOutcome.Throttled { Code: "QUOTA_EXCEEDED" } t && t.RetryAfter == wait),
        ["429 without details"] = (429, Error("RESOURCE_EXHAUSTED"), o => o is SendOutcome.Throttled { Code: "RESOURCE_EXHAUSTED" }),
        ["500 INTERNAL"] = (500, Error("INTERNAL", Fcm("INTERNAL")), o => o is SendOutcome.Unavailable { Code: "INTERNAL" } u && u.RetryAfter == wait),
        ["500 without details"] = (500, Error("INTERNAL"), o => o is SendOutcome.Unavailable { Code: "INTERNAL" }),
        ["503 UNAVAILABLE"] = (503, Error("UNAVAILABLE", Fcm("UNAVAILABLE")), o => o is SendOutcome.Unavailable { Code: "UNAVAILABLE" } u && u.RetryAfter == wait),
        ["503 without details"] = (503, Error("UNAVAILABLE"), o => o is SendOutcome.Unavailable { Code: "UNAVAILABLE" }),
        ["a code nobody knows yet"] = (503, Error("UNAVAILABLE", Fcm("SOMETHING_NEW")), o => o is SendOutcome.Unavailable { Code: "UNAVAILABLE" }),
        ["UNSPECIFIED_ERROR"] = (500, Error("UNKNOWN", Fcm("UNSPECIFIED_ERROR")), o => o is SendOutcome.Unavailable { Code: "UNKNOWN" }),
        ["a status nobody knows yet"] = (404, Error("SOMETHING_NEW"), o => Fault(o, CredentialFaults.WrongProject)),
        ["504 DEADLINE_EXCEEDED"] = (504, Error("DEADLINE_EXCEEDED"), o => o is SendOutcome.Unavailable { Code: "DEADLINE_EXCEEDED" }),
        ["400 FAILED_PRECONDITION"] = (400, Error("FAILED_PRECONDITION"), o => o is SendOutcome.Rejected { Code: "FAILED_PRECONDITION" }),
        ["400 INVALID_ARGUMENT, payload too big"] = (400, Error("INVALID_ARGUMENT", Fcm("INVALID_ARGUMENT"), Field("message")), o => Rejected(o, "message")),
        ["409 ABORTED"] = (409, Error("ABORTED"), o => o is SendOutcome.Unavailable { Code: "ABORTED" }),
        ["499 CANCELLED"] = (499, Error("CANCELLED"), o => o is SendOutcome.Unavailable { Code: "CANCELLED" }),
        ["501 UNIMPLEMENTED"] = (501, Error("UNIMPLEMENTED"), o => o is SendOutcome.Rejected { Code: "UNIMPLEMENTED" }),
        ["302 to a log-in page"] = (302, "", o => o is SendOutcome.Unavailable { Code: "HTTP_302" }),
        ["400 HTML"] = (400, "<html>", o => o is SendOutcome.Rejected { Code: "HTTP_400" }),
        ["401 HTML"] = (401, "<html>", o => Fault(o, CredentialFaults.AccessToken)),
        ["403 HTML of a proxy"] = (403, "<html>", o => o is SendOutcome.Unavailable { Code: "HTTP_403" }),
        ["404 HTML"] = (404, "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>", o => o is SendOutcome.Unavailable { Code: "HTTP_404" }),
        ["407"] = (407, "", o => o is SendOutcome.Unavailable { Code: "HTTP_407" }),
        ["413 HTML"] = (413, "", o => o is SendOutcome.Rejected { Code: "HTTP_413" }),
        ["429 HTML"] = (429, "slow down", o => o is SendOutcome.Throttled { Code: "HTTP_429" } t && t.RetryAfter == wait),
        ["502 HTML"] = (502, "<html><h1>502 Bad Gateway</h1>", o => o is SendOutcome.Unavailable { Code: "HTTP_502" }),
        ["503 cut off"] = (503, """{"error":{"status":"UNAVA""", o => o is SendOutcome.Unavailable { Code: "HTTP_503" }),
        ["JSON of another form"] = (502, """["error"]""", o => o is SendOutcome.Unavailable { Code: "HTTP_502" }),
        ["error as a text"] = (500, """{"error":"internal"}""", o => o is SendOutcome.Unavailable { Code: "HTTP_500" }),
        ["parts of wrong types"] = (503, """{"error":{"status":7,"details":[7,null,"x",{"@type":7},{"@type":"google.rpc.BadRequest","fieldViolations":{"field":1}}]}}""", o => o is SendOutcome.Unavailable { Code: "HTTP_503" }),
    };

    public static TheoryData<string> Rows => [.. rows.Keys];

    [Theory, MemberData(nameof(Rows))]
    public void Every_answer_of_the_table_has_its_outcome(string row)
    {
        var (http, body, expected) = rows[row];
        var outcome = FcmErrorMap.Map(http, Encoding.UTF8.GetBytes(body), wait, "demo");

        Assert.True(expected(outcome), outcome.ToString());
    }

    [Fact]
    public void No_body_whatever_breaks_the_parser() => Gen.Select(Gen.Int[300, 599], Gen.OneOf(Gen.Byte.Array[0, 200], Gen.String.Select(Encoding.UTF8.GetBytes), Mutilated()))
        .Sample((http, body) => FcmErrorMap.Map(http, body, null, "demo") is not (SendOutcome.Accepted or null), iter: 20_000);

    [Fact]
    public void A_dead_target_needs_the_proof_in_the_details() => Gen.Select(Gen.Int[300, 599], Gen.String)
        .Sample((http, text) => FcmErrorMap.Map(http, Encoding.UTF8.GetBytes(Error(text.Contains("UNREGISTERED", StringComparison.Ordinal) ? "X" : "NOT_FOUND")), null, "demo") is not SendOutcome.TargetDead);

    [Fact]
    public void What_Google_says_in_words_never_comes_through()
    {
        var body = """{"error":{"status":"INVALID_ARGUMENT","message":"marked-secret","details":[{"@type":"google.rpc.BadRequest","fieldViolations":[{"field":"message.data[0] \"\n<","description":"marked-secret"}]}]}}""";
        var outcome = FcmErrorMap.Map(400, Encoding.UTF8.GetBytes(body), null, "demo");

        Assert.DoesNotContain("marked-secret", outcome.ToString(), StringComparison.Ordinal);
        Assert.True(Rejected(outcome, " message.data[0]."), outcome.ToString());
    }

    [Theory]
    [InlineData("30", null, 30)]
    [InlineData("0", null, 0)]
    [InlineData("Mon, 23 Nov 2026 10:00:45 GMT", null, 45)]
    [InlineData("Mon, 23 Nov 2026 10:00:45 GMT", "Mon, 23 Nov 2026 10:00:40 GMT", 5)]
    [InlineData("Mon, 23 Nov 2026 09:00:00 GMT", null, 0)]
    [InlineData("soon", null, null)]
    [InlineData("-5", null, null)]
    [InlineData(null, null, null)]
    public void Retry_After_is_read_in_seconds_and_as_a_date_of_the_senders_clock(string? header, string? date, int? seconds)
    {
        using var response = new HttpResponseMessage();
        if (header is not null) response.Headers.TryAddWithoutValidation("Retry-After", header);
        if (date is not null) response.Headers.TryAddWithoutValidation("Date", date);
        var now = response.Headers.Date ?? new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

        Assert.Equal(seconds, FirebaseHttp.RetryAfter(response.Headers.RetryAfter, now)?.TotalSeconds is { } s ? (int)s : null);
    }

    private static Gen<byte[]> Mutilated() => Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 10_000], Gen.Byte).Select((row, at, value) =>
    {
        var bodies = rows.Values.Select(r => r.Body).Where(b => b.Length > 0).ToList();
        var bytes = Encoding.UTF8.GetBytes(bodies[row % bodies.Count]);
        bytes[at % bytes.Length] = value;
        return bytes;
    });

    private static bool Rejected(SendOutcome outcome, string says) => outcome is SendOutcome.Rejected rejected && rejected.Reason.Contains(says, StringComparison.Ordinal);

    private static bool Fault(SendOutcome outcome, string code, string says = "") =>
        outcome is SendOutcome.CredentialFault fault && fault.Code == code && fault.Remedy.Contains(says, StringComparison.Ordinal);

    private static string Error(string status, params string[] details) =>
        details.Length == 0
            ? $$$"""{"error":{"code":1,"message":"words","status":"{{{status}}}"}}"""
            : $$$"""{"error":{"code":1,"message":"words","status":"{{{status}}}","details":[{{{string.Join(',', details)}}}]}}""";

    private static string Fcm(string code) => $$"""{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"{{code}}"}""";

    private static string Info(string reason) => $$$"""{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{{reason}}}","domain":"googleapis.com","metadata":{"service":"fcm.googleapis.com"}}""";

    private static string Field(string field) => $$"""{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"{{field}}","description":"Invalid value"}]}""";
}
