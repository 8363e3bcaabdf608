namespace Ringback.Server.Tests.Web;

/// <summary>Every field of every call with values that cannot be taken: the right status, and a message that names the field (rule E1, E2).</summary>
public sealed class BadFieldTests(SharedSite site)
{
    private const string Id = "0193a7f0-0000-7000-8000-000000000001";
    private static readonly string long41 = new('1', 41), long65 = new('x', 65), long129 = new('x', 129), long256 = new('x', 256);
    private static readonly string tooBig = new('x', 4097), tooManyBytes = new('é', 2049);
    private static readonly string targets11 = string.Join(',', Enumerable.Range(1, 11).Select(i => $$"""{"channel":"FCM","target":"t{{i}}"}"""));

    /// <summary>Field, JSON text of its value (null = left out), code in the envelope.</summary>
    public static TheoryData<string, string?, int> Create => new()
    {
        { "serviceName", null, 501 }, { "serviceName", "null", 501 }, { "serviceName", "5", 501 }, { "serviceName", "[]", 501 }, { "serviceName", "\"\"", 501 },
        { "serviceName", Text(long256), 501 }, { "serviceName", "\"nowhere\"", 7040 }, { "serviceName", "\"Support\"", 7040 }, { "serviceName", "\"support\\u0000\"", 501 },
        { "serviceName", "\"\\ud800\"", 501 },
        { "phoneNumber", null, 501 }, { "phoneNumber", "14155550123", 501 }, { "phoneNumber", "\"\"", 501 }, { "phoneNumber", Text(long41), 501 }, { "phoneNumber", "{}", 501 },
        { "phoneNumber", "\"abc\"", 7030 }, { "phoneNumber", "\"12\"", 7030 }, { "phoneNumber", "\"+1\"", 7030 }, { "phoneNumber", "\"+999123456789\"", 7030 },
        { "phoneNumber", "\"\\u0000\"", 501 }, { "phoneNumber", "\"\\ud800\"", 501 },
        { "desiredTime", "5", 501 }, { "desiredTime", "\"\"", 501 }, { "desiredTime", "\"tomorrow\"", 501 }, { "desiredTime", "\"2026-11-23T12:00:00.000\"", 501 },
        { "desiredTime", "\"2026-11-23\"", 501 }, { "desiredTime", "\"2026-11-23T10:15:29.999Z\"", 501 }, { "desiredTime", "\"2025-11-23T12:00:00Z\"", 501 },
        { "desiredTime", "\"2028-11-23T12:00:00Z\"", 501 }, { "desiredTime", "\"2026-13-01T12:00:00Z\"", 501 }, { "desiredTime", "\"2027-02-29T12:00:00Z\"", 501 },
        { "desiredTime", "\"2026-11-23T12:00:00+99:00\"", 501 }, { "desiredTime", "\"0001-01-01T00:00:00+14:00\"", 501 }, { "desiredTime", "\"9999-12-31T23:59:59-14:00\"", 501 },
        { "desiredTime", "\"\\ud800\"", 501 },
        { "language", "5", 501 }, { "language", "\"x\"", 501 }, { "language", "\"plain english\"", 501 }, { "language", "\"en-US\\u0000\"", 501 }, { "language", "\"\\udfff\"", 501 },
        { "pushTargets", "5", 501 }, { "pushTargets", "{}", 501 }, { "pushTargets", "\"token\"", 501 }, { "pushTargets", $"[{targets11}]", 501 },
        { "pushTargets[0]", "[5]", 501 }, { "pushTargets[0]", "[null]", 501 }, { "pushTargets[0].channel", "[{}]", 501 },
        { "pushTargets[0].channel", "[{\"channel\":\"SMS\",\"target\":\"t\"}]", 501 }, { "pushTargets[0].channel", "[{\"channel\":1,\"target\":\"t\"}]", 501 },
        { "pushTargets[0].channel", "[{\"channel\":\"\\ud800\",\"target\":\"t\"}]", 501 },
        { "pushTargets[0].target", "[{\"channel\":\"FCM\"}]", 501 }, { "pushTargets[0].target", "[{\"channel\":\"FCM\",\"target\":\"\"}]", 501 },
        { "pushTargets[0].target", "[{\"channel\":\"FCM\",\"target\":5}]", 501 }, { "pushTargets[0].target", $"[{{\"channel\":\"FCM\",\"target\":{Text(tooBig)}}}]", 501 },
        { "pushTargets[0].target", $"[{{\"channel\":\"FCM\",\"target\":{Text(tooManyBytes)}}}]", 501 }, { "pushTargets[0].target", "[{\"channel\":\"FCM\",\"target\":\"a b\"}]", 501 },
        { "pushTargets[0].target", "[{\"channel\":\"FCM\",\"target\":\"a\\u0000\"}]", 501 }, { "pushTargets[0].target", "[{\"channel\":\"FCM\",\"target\":\"a\\ud800\"}]", 501 },
        { "pushTargets[1].target", "[{\"channel\":\"FCM\",\"target\":\"a\"},{\"channel\":\"FCM\",\"target\":\"\"}]", 501 },
        { "pushTargets[0].targetType", "[{\"channel\":\"FCM\",\"target\":\"a\",\"targetType\":\"topic\"}]", 501 }, { "pushTargets[0].targetType", "[{\"channel\":\"FCM\",\"target\":\"a\",\"targetType\":1}]", 501 },
        { "pushTarget", "5", 501 }, { "pushChannel", "\"SMS\"", 501 }, { "pushTarget", null, 501 },
        { "userData", "5", 501 }, { "userData", "[]", 501 }, { "userData", "\"x\"", 501 },
        { "priority", "\"1\"", 501 }, { "priority", "1.5", 501 }, { "priority", "101", 501 }, { "priority", "-101", 501 }, { "priority", "1e400", 501 }, { "priority", "99999999999999999999", 501 }, { "priority", "true", 501 },
        { "routePoint", "5", 501 }, { "routePoint", "\"\"", 501 }, { "routePoint", Text(long256), 501 }, { "routePoint", "\"\\ud800\"", 501 },
        { "surveyRP", "5", 501 }, { "surveyRP", Text(long256), 501 }, { "surveyRP", "\"\\udc00\\ud800\"", 501 },
    };

    [Theory, MemberData(nameof(Create)), Trait("Rule", "E1")]
    public async Task Create_refuses_it_and_creates_nothing(string named, string? value, int code)
    {
        var field = named.Split('[')[0];
        var fields = new Dictionary<string, string?> { ["serviceName"] = "\"support\"", ["phoneNumber"] = "\"+14155550123\"" };
        if (field is "pushTarget" or "pushChannel") (fields["pushChannel"], fields["pushTarget"]) = ("\"FCM\"", "\"token\"");
        fields[field] = value;
        var answer = await site.RefusedAsync(HttpMethod.Post, "/engagement/v3/callbacks/create", Json(fields), HttpStatusCode.BadRequest);
        Assert.Equal(code, answer.EnvelopeCode);
        // One half of a surrogate pair is found before fields are read, so only the outermost name is known.
        Assert.StartsWith(value?.Contains("\\ud", StringComparison.Ordinal) == true ? field : named, answer.Message, StringComparison.Ordinal);
    }

    /// <summary>Call, field, JSON text of its value.</summary>
    public static TheoryData<string, string, string?> OtherCalls => new()
    {
        { "callbacks/cancel", "id", null }, { "callbacks/cancel", "id", "5" }, { "callbacks/cancel", "id", "\"x\"" }, { "callbacks/cancel", "id", "\"\"" },
        { "callbacks/cancel", "id", "\"{0193a7f0-0000-7000-8000-000000000001}\"" }, { "callbacks/cancel", "id", "\"0193a7f00000700080000000000000010\"" }, { "callbacks/cancel", "id", "\"\\ud800\"" },
        { "callbacks/retrieve", "id", null }, { "callbacks/retrieve", "id", "null" }, { "callbacks/retrieve", "id", "[]" }, { "callbacks/retrieve", "id", $"\"{Id}\\u0000\"" },
        { "call-in/requests/create", "groupName", null }, { "call-in/requests/create", "groupName", "5" }, { "call-in/requests/create", "groupName", "\"nowhere\"" },
        { "call-in/requests/create", "groupName", Text(long65) }, { "call-in/requests/create", "groupName", "\"\\ud800\"" }, { "call-in/requests/create", "groupName", "\"numbers\\u0000\"" },
        { "call-in/requests/create", "fromPhoneNumber", "5" }, { "call-in/requests/create", "fromPhoneNumber", "\"abc\"" }, { "call-in/requests/create", "fromPhoneNumber", "\"\\ud800\"" },
        { "call-in/requests/create", "callbackServiceId", "5" }, { "call-in/requests/create", "callbackServiceId", "\"x\"" }, { "call-in/requests/create", "callbackServiceId", $"\"{Id}\"" },
        { "call-in/requests/create", "userData", "5" }, { "call-in/requests/create", "userData", "[]" },
        { "queues/support/state", "agentsLoggedIn", null }, { "queues/support/state", "agentsLoggedIn", "-1" }, { "queues/support/state", "agentsLoggedIn", "\"5\"" }, { "queues/support/state", "agentsLoggedIn", "1.5" },
        { "queues/support/state", "agentsLoggedIn", "1e400" }, { "queues/support/state", "agentsLoggedIn", "2147483648" }, { "queues/support/state", "agentsReady", null }, { "queues/support/state", "agentsReady", "-1" },
        { "queues/support/state", "interactionsWaiting", null }, { "queues/support/state", "interactionsWaiting", "-1" }, { "queues/support/state", "interactionsWaiting", "99999999999" },
        { "queues/support/state", "meanHandlingSeconds", "\"x\"" }, { "queues/support/state", "meanHandlingSeconds", "-1" }, { "queues/support/state", "meanHandlingSeconds", "1e400" }, { "queues/support/state", "meanHandlingSeconds", "86401" },
        { "queues/support/state", "departures", "-1" }, { "queues/support/state", "departures", "1e10" }, { "queues/support/state", "reportedEwtSeconds", "-1" }, { "queues/support/state", "reportedEwtSeconds", "true" },
        { "queues/support/state", "reportedAt", "5" }, { "queues/support/state", "reportedAt", "\"now\"" }, { "queues/support/state", "reportedAt", "\"\\ud800\"" },
        { "queues/support/state", "reportId", "5" }, { "queues/support/state", "reportId", Text(long129) }, { "queues/support/state", "reportId", "\"\\ud800\"" },
        { "queues/support/next", "agent", null }, { "queues/support/next", "agent", "5" }, { "queues/support/next", "agent", "\"\"" }, { "queues/support/next", "agent", Text(long129) }, { "queues/support/next", "agent", "\"\\ud800\"" },
        { "queues/support/next", "waitSeconds", "-1" }, { "queues/support/next", "waitSeconds", "61" }, { "queues/support/next", "waitSeconds", "\"1\"" }, { "queues/support/next", "waitSeconds", "1e400" },
        { $"attempts/{Id}/extend", "seconds", null }, { $"attempts/{Id}/extend", "seconds", "0" }, { $"attempts/{Id}/extend", "seconds", "-5" }, { $"attempts/{Id}/extend", "seconds", "3601" }, { $"attempts/{Id}/extend", "seconds", "\"9\"" },
        { $"attempts/{Id}/outcome", "outcome", null }, { $"attempts/{Id}/outcome", "outcome", "5" }, { $"attempts/{Id}/outcome", "outcome", "\"LUNCH\"" }, { $"attempts/{Id}/outcome", "outcome", "\"no_answer\"" },
        { $"attempts/{Id}/outcome", "outcome", "\"\"" }, { $"attempts/{Id}/outcome", "outcome", "\"\\ud800\"" }, { $"attempts/{Id}/outcome", "outcome", "\"BUSY\\u0000\"" },
        { "call-in/match", "accessCode", null }, { "call-in/match", "accessCode", "5" }, { "call-in/match", "accessCode", "\"12345678901\"" }, { "call-in/match", "accessCode", "\"\\ud800\"" }, { "call-in/match", "fromPhoneNumber", "5" },
        { "settings/call-in-groups/new", "phoneNumbers", null }, { "settings/call-in-groups/new", "phoneNumbers", "[]" }, { "settings/call-in-groups/new", "phoneNumbers", "5" }, { "settings/call-in-groups/new", "phoneNumbers[0]", "[5]" },
        { "settings/call-in-groups/new", "phoneNumbers[0]", "[\"abc\"]" }, { "settings/call-in-groups/new", "phoneNumbers[0]", "[\"\\ud800\"]" }, { "settings/call-in-groups/new", "accessCodeDigits", "3" }, { "settings/call-in-groups/new", "accessCodeDigits", "10" },
        { "settings/call-in-groups/new", "accessCodeDigits", "-1" }, { "settings/call-in-groups/new", "expirySeconds", "9" }, { "settings/call-in-groups/new", "expirySeconds", "\"300\"" },
    };

    [Theory, MemberData(nameof(OtherCalls)), Trait("Rule", "E1"), Trait("Rule", "E2")]
    public async Task Other_calls_refuse_it_and_create_nothing(string call, string named, string? value)
    {
        var fields = call.Split('/')[^1] switch
        {
            "create" => new Dictionary<string, string?> { ["groupName"] = "\"numbers\"" },
            "state" => new() { ["agentsLoggedIn"] = "1", ["agentsReady"] = "0", ["interactionsWaiting"] = "0" },
            "next" => new() { ["agent"] = "\"Ada\"" },
            "new" => new() { ["phoneNumbers"] = "[\"+14155550199\"]" },
            _ => new(),
        };
        fields[named.Split('[')[0]] = value;
        var isEngagement = call is "callbacks/cancel" or "callbacks/retrieve" or "call-in/requests/create";
        var method = call.Split('/')[^1] is "state" or "new" ? HttpMethod.Put : HttpMethod.Post;
        var answer = await site.RefusedAsync(method, isEngagement ? $"/engagement/v3/{call}" : $"/management/v1/{call}", Json(fields), HttpStatusCode.BadRequest);
        Assert.Contains(value?.Contains("\\ud", StringComparison.Ordinal) == true ? named.Split('[')[0] : named, answer.Message, StringComparison.Ordinal);
    }

    /// <summary>Field of the queue's settings, JSON text of its value.</summary>
    public static TheoryData<string, string> Settings => new()
    {
        { "nonsense", "1" }, { "type", "\"OTHER\"" }, { "type", "\"USERORIGINATED\"" }, { "type", "7" }, { "type", "1" }, { "type", "[]" }, { "ewtMode", "\"mode9\"" }, { "ewtMode", "1" }, { "ewtMode", "99" },
        { "pushNotificationThresholdMinutes", "-1" }, { "pushNotificationThresholdMinutes", "1441" }, { "pushNotificationThresholdMinutes", "\"5\"" }, { "pushNotificationThresholdMinutes", "2.5" }, { "pushNotificationThresholdMinutes", "1e400" },
        { "maxAttempts", "0" }, { "maxAttempts", "21" }, { "maxAttempts", "true" }, { "retrySeconds", "5" }, { "retrySeconds.noAnswer", "{\"noAnswer\":0}" }, { "retrySeconds.busy", "{\"busy\":86401}" },
        { "retrySeconds.declined", "{\"declined\":\"x\"}" }, { "retrySeconds.lunch", "{\"lunch\":5}" }, { "maxTimeInQueueSeconds", "0" }, { "maxTimeInQueueSeconds", "-5" }, { "readyTimeoutSeconds", "0" }, { "inFlightCap", "0" },
        { "unknownOutcomeHoldSeconds", "0" }, { "attemptLeaseSeconds", "3601" }, { "maxProcessingSeconds", "99999999999999999999" }, { "callInGroup", "\"\"" }, { "callInGroup", "\"\\ud800\"" }, { "callInGroup", Text(long65) },
        { "presentation", "\"loud\"" }, { "presentation", "1" }, { "presentationByEvent", "{\"LUNCH\":\"data\"}" }, { "presentationByEvent", "{\"CALLBACK_READY\":\"loud\"}" }, { "presentationByEvent", "[]" },
        { "timeToLiveSeconds", "{\"LUNCH\":5}" }, { "timeToLiveSeconds", "{\"CALLBACK_READY\":0}" }, { "timeToLiveSeconds", "5" }, { "immediateEnabled", "\"yes\"" }, { "scheduledEnabled", "0" }, { "oneActivePerNumber", "5" },
        { "region", "\"us\"" }, { "region", "5" }, { "region", "\"USA\"" }, { "language", "\"english\"" }, { "language", "\"en_US\"" }, { "priority", "101" }, { "prioritySeconds", "-1" }, { "priorityLimitSeconds", "86401" },
        { "callerId", Text(long65) }, { "callerId", "5" }, { "routePoint", Text(long256) }, { "routePoint", "\"\\ud800\"" }, { "surveyRoutePoint", "\"\"" },
        { "maxCreatesPerNumberPerHour", "-1" }, { "maxCreatesPerNumberPerHour", "10001" }, { "maxCreatesPerNumberPerHour", "\"3\"" }, { "maxCreatesPerMinute", "-1" }, { "maxCreatesPerMinute", "100001" }, { "maxCreatesPerMinute", "1.5" },
        { "permittedCountries", "\"US\"" }, { "permittedCountries", "[\"us\"]" }, { "permittedCountries", "[\"US\",\"XX\"]" }, { "permittedCountries", "[null]" }, { "permittedCountries", "[1]" },
        { "permittedCountries", $"[{string.Join(',', Enumerable.Repeat("\"US\"", 251))}]" }, { "blockedNumbers", "[\"\"]" }, { "blockedNumbers", "[\"*\"]" }, { "blockedNumbers", "[\"+*\"]" }, { "blockedNumbers", "[\"+1*5\"]" },
        { "blockedNumbers", "[\"+1**\"]" }, { "blockedNumbers", "[\"4155550123\"]" }, { "blockedNumbers", "[\"+0155550123\"]" }, { "blockedNumbers", "[\"+1234567890123456\"]" }, { "blockedNumbers", "[null]" },
        { "blockedNumbers", $"[{string.Join(',', Enumerable.Repeat("\"+1900*\"", 1_001))}]" },
    };

    [Theory, MemberData(nameof(Settings)), Trait("Rule", "C2")]
    public async Task Settings_refuse_it_and_change_nothing(string named, string value)
    {
        var body = $$"""{"{{named.Split('.')[0]}}":{{value}}}""";
        var before = (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support")).ExpectOk().Body;
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Patch, "/management/v1/settings/queues/support"), (HttpMethod.Post, "/management/v1/settings/queues/new")])
        {
            var answer = await site.RefusedAsync(method, path, body, HttpStatusCode.BadRequest);
            Assert.Contains(named is "type" && value == "\"USERORIGINATED\"" ? "callInGroup" : named, answer.Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support")).ExpectOk().Body);
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("", "virtual-queues")]
    [InlineData("?virtual-queues=", "virtual-queues")]
    [InlineData("?virtual-queues=%2C%2C", "virtual-queues")]
    [InlineData("?virtual-queues=support%2Cnowhere", "virtual-queues")]
    [InlineData("?virtual-queues=support&mode=mode9", "mode")]
    [InlineData("?virtual-queues=support&mode=MODE1", "mode")]
    public async Task The_estimate_refuses_it(string query, string named)
    {
        var answer = await site.RefusedAsync(HttpMethod.Get, $"/engagement/v3/estimated-wait-time{query}", null, HttpStatusCode.BadRequest);
        Assert.StartsWith(named, answer.Message, StringComparison.Ordinal);
    }

    [Theory, Trait("Rule", "E2")]
    [InlineData("PUT", "queues/nowhere/state", """{"agentsLoggedIn":1,"agentsReady":0,"interactionsWaiting":0}""")]
    [InlineData("POST", "queues/nowhere/next", """{"agent":"Ada"}""")]
    [InlineData("GET", "settings/queues/nowhere", null)]
    [InlineData("PATCH", "settings/queues/nowhere", "{}")]
    [InlineData("POST", "attempts/x/outcome", """{"outcome":"BUSY"}""")]
    [InlineData("POST", "attempts/x/extend", """{"seconds":5}""")]
    [InlineData("GET", "callbacks/x/timeline", null)]
    [InlineData("GET", "callbacks/0193a7f0-0000-7000-8000-000000000001/timeline", null)]
    public async Task What_an_address_names_but_nobody_has_is_not_found(string method, string path, string? body) =>
        await site.RefusedAsync(new HttpMethod(method), $"/management/v1/{path}", body, HttpStatusCode.NotFound);

    [Fact, Trait("Rule", "C2")]
    public async Task A_queue_cannot_be_added_twice_and_its_name_has_limits()
    {
        await site.RefusedAsync(HttpMethod.Post, "/management/v1/settings/queues/support", "{}", HttpStatusCode.Conflict);
        await site.RefusedAsync(HttpMethod.Post, $"/management/v1/settings/queues/{long256}", "{}", HttpStatusCode.BadRequest);
        await site.RefusedAsync(HttpMethod.Post, "/management/v1/settings/queues/a%0Ab", "{}", HttpStatusCode.BadRequest);
    }

    private static string Text(string value) => $"\"{value}\"";

    private static string Json(Dictionary<string, string?> fields) =>
        $"{{{string.Join(',', fields.Where(f => f.Value is not null).Select(f => $"\"{f.Key}\":{f.Value}"))}}}";
}
