using CsCheck;
using Ringback.Engine;
using Ringback.Engine.Firebase;

namespace Ringback.Storage.Tests.Firebase;

/// <summary>The last test in a browser of each version of the credentials (rule A3).</summary>
public abstract class BrowserTestStoreSuite : StoreSuite
{
    private static readonly Gen<string> texts = Gen.Char.Where(c => !char.IsSurrogate(c) && c != '\0').Array[0, 40].Select(c => new string(c));

    private static readonly Gen<LastBrowserTest> tests = Gen.Select(
        Gen.Int[1, int.MaxValue], Gen.Long[0, 4_102_444_800_000_000], Gen.Select(texts, texts, texts, texts), Gen.Int[-1, 9], Gen.Bool,
        (version, at, text, step, coded) => new LastBrowserTest
        {
            Tenant = Site.Tenant,
            App = text.Item1,
            Version = version,
            At = Clock.FromMicroseconds(at),
            By = text.Item2,
            FailedAt = step < 0 ? null : (TestStep)step,
            Code = coded ? text.Item3 : null,
            Detail = text.Item4,
        });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_test_comes_back_equal_whatever_it_says() => await tests.SampleAsync(
        async test =>
        {
            if (await Site.BrowserTests.FindAsync(test.Tenant, test.App, test.Version, Cancellation) is not null) return;
            await Site.BrowserTests.RecordAsync(test, Cancellation);
            Assert.Equal(test, await Site.BrowserTests.FindAsync(test.Tenant, test.App, test.Version, Cancellation));
        },
        iter: 50, threads: 1);

    [Fact]
    public async Task The_later_of_two_tests_stays_and_another_version_app_or_tenant_has_none()
    {
        var late = new LastBrowserTest { Tenant = Site.Tenant, Version = 2, At = Site.Now, By = "Dana", FailedAt = TestStep.Send, Code = "UNREGISTERED", Detail = "gone" };
        var early = late with { At = late.At.AddSeconds(-1), FailedAt = null, Code = null, Detail = "arrived" };
        await Site.BrowserTests.RecordAsync(early, Cancellation);
        await Site.BrowserTests.RecordAsync(late, Cancellation);
        await Site.BrowserTests.RecordAsync(early, Cancellation);
        await Site.ReopenAsync();
        Assert.Equal(late, await Site.BrowserTests.FindAsync(Site.Tenant, late.App, 2, Cancellation));
        Assert.Null(await Site.BrowserTests.FindAsync(Site.Tenant, late.App, 3, Cancellation));
        Assert.Null(await Site.BrowserTests.FindAsync(Site.Tenant, "another", 2, Cancellation));
        Assert.Null(await Site.BrowserTests.FindAsync(Site.OtherTenant, late.App, 2, Cancellation));
    }
}
