using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests;

/// <summary>Texts of strangers are texts, whatever stands in them.</summary>
public abstract class TextSuite : StoreSuite
{
    private static readonly Guid callback = Sample.Id(1);

    public static TheoryData<string> Hostile =>
    [
        "'; drop table callbacks; --",
        "\"; delete from outbox where ''='",
        "$1 @tenant :name {0} %s \\' \\u0000 \\",
        "$$ $tag$ /* -- */ E'\\x41' U&'\\0041'",
        "a\tb\nc\r\nd\u0001\u001b\u007f\u2028",
        "„Grüße“ 📞 \u202e\ufeff e\u0301 \U0010ffff",
        "{\"a\":1},NULL,\"{}\"",
        "null", "NULL", "true", "",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_text_comes_back_as_it_was_and_does_nothing(string text)
    {
        var queue = await Site.AddQueueAsync(Site.Tenant, text);
        var record = Sample.Callback(callback) with { PhoneNumber = text, Language = text };
        var details = new CallbackDetails { UserDataJson = text, RoutePoint = text, SurveyRoutePoint = text, ReportingJson = text };
        var push = Sample.Push(Site.Tenant, callback, Sample.Id(5), pushEvent: text);
        push = push with { Message = push.Message with { Title = text, Body = text, Extra = [new(text, text)] } };
        var attempt = Sample.Attempt(Sample.Id(2), callback, AttemptState.Live, agent: text);
        await Site.CommitAsync(queue,
            new Change.CallbackCreated(record, details, [new PushTarget(PushTargetType.Token, text)]),
            new Change.AttemptSaved(attempt), new Change.CallInSaved(Sample.CallIn(Sample.Id(3), callback, code: text)),
            new Change.TimelineAdded(callback, new TimelineEntry(1, Site.Now, text, new Dictionary<string, object?> { ["a"] = text })),
            new Change.PushDecided(push));

        Assert.Equal(new StoredCallback(queue, text, record), await Site.Callbacks.FindAsync(Site.Tenant, callback));
        Assert.Equal(details, await Site.Callbacks.FindDetailsAsync(Site.Tenant, callback));
        Assert.Equal([text], await Site.Callbacks.FindAddressesAsync(Site.Tenant, callback));
        Assert.Equal(attempt, (await Site.Callbacks.FindLiveAttemptAsync(Site.Tenant, text))!.Attempt);
        Assert.Equal(queue, (await Site.Queues.FindAsync(Site.Tenant, text))!.Key);
        Assert.Equal(text, Assert.Single(await Site.CallIn.FindOpenAsync(Site.Tenant, text, null, null, Site.Now)).AccessCode);
        var entry = Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback));
        Assert.Equal((text, text), (entry.Kind, entry.Detail["a"]));
        var claimed = Assert.Single(await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 9));
        Assert.Equal((text, text, text), (claimed.Row.Message.Title, claimed.Target.Address, claimed.Row.Message.Extra[0].Key));
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Finished(claimed, OutboxState.Accepted, text, Site.Now, 1)]);
        Assert.Equal(text, (await Site.Callbacks.TimelineAsync(Site.Tenant, callback))[1].Detail["code"]);
    }
}
