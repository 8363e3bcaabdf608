using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>The slice put together as its registration does it, with both endpoints on real sockets and a clock that the test holds.</summary>
internal sealed class Site : IDisposable
{
    public static readonly TenantId Tenant = new(1);
    public static readonly CredentialKey App = new(Tenant, CredentialKey.DefaultApp);
    private readonly FirebaseHttp http;

    public Site(TokenReply[] tokens, SendReply[] sends, Answer<MasterKey>? masterKey = null, TimeSpan? connectionLifetime = null)
    {
        Tokens = new TokenListener(tokens);
        Sends = new SendListener(sends);
        var options = Options.Create(new FirebaseOptions { TokenEndpoint = Tokens.Address, SendEndpoint = Sends.Address, ConnectionLifetime = connectionLifetime ?? new FirebaseOptions().ConnectionLifetime });
        http = new FirebaseHttp(options, Clock);
        Exchange = new TokenExchange(http, options, new FirebaseMetrics(new Meters()), Clock);
        Seal = new CredentialSeal(masterKey ?? TestKeys.MasterKey(1));
        Credentials = new Credentials(Store, Seal, Exchange, options, Clock, new Written<Credentials>(LogLines));
        Sender = new FcmSender(Credentials, http, options, Clock, new Written<FcmSender>(LogLines));
        Service = new CredentialService(Store, Seal, new CredentialCheck(Exchange, Sender, options), Credentials, options, Clock, new Written<CredentialService>(LogLines));
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    public TokenListener Tokens { get; }

    public SendListener Sends { get; }

    public TokenExchange Exchange { get; }

    public CredentialSeal Seal { get; }

    public MemoryCredentialStore Store { get; } = new();

    public Credentials Credentials { get; }

    public FcmSender Sender { get; }

    public CredentialService Service { get; }

    public ConcurrentQueue<string> LogLines { get; } = new();

    public static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public AccessTokens AccessTokens() => new(TestKeys.Credential, Tenant, Exchange, Clock, new Written<Credentials>(LogLines));

    public Site Provisioned()
    {
        Store.Row = TestKeys.Stored(Seal);
        return this;
    }

    public ValueTask<SendOutcome> SendAsync(string token = "marked-secret-token", TimeSpan? patience = null) => Sender.SendAsync(
        Tenant,
        new PushMessage
        {
            Event = "CALLBACK_READY",
            NotificationId = Guid.CreateVersion7(Clock.GetUtcNow()),
            CallbackId = Guid.CreateVersion7(Clock.GetUtcNow()),
            ServiceName = "support",
            Sequence = 1,
            OccurredAt = Clock.GetUtcNow(),
            ExpiresAt = Clock.GetUtcNow().AddMinutes(5),
            Presentation = Presentation.Notification,
            Title = "t",
            Body = "b",
            Extra = [],
        },
        new PushTarget(PushTargetType.Token, token),
        patience ?? TimeSpan.FromSeconds(25),
        Cancellation);

    /// <summary>Waits in real time for something that happens in the background.</summary>
    public static async Task Until(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            if (i == 1000) throw new TimeoutException("It has not happened within 10 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
    }

    /// <summary>What a send gives that has its end by now; one that still waits for the clock is a failure, and no test that hangs.</summary>
    public static Task<SendOutcome> Ends(Task<SendOutcome> send) => send.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation);

    public void Dispose()
    {
        http.Dispose();
        Tokens.Dispose();
        Sends.Dispose();
    }

    private sealed class Written<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{eventId.Id} {logLevel} {formatter(state, exception)} {exception}");
    }
}
