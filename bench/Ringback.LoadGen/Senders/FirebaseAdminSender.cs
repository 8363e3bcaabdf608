using System.Net;
using System.Reflection;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Ringback.Engine.Delivery;

namespace Ringback.LoadGen.Senders;

/// <summary>
/// firebase-admin for .NET, from an assembly that whoever measures has built from its public source: it is no part of this repository. Used as an app would
/// use it, one <c>SendAsync</c> a message; only the address is another.
/// </summary>
internal sealed class FirebaseAdminSender : ISender
{
    private readonly Assembly library;
    private readonly dynamic app;
    private readonly dynamic messaging;

    /// <param name="path">The assembly, beside what it depends on.</param>
    /// <param name="address">Where messages go instead of Google's address.</param>
    /// <param name="token">The access token.</param>
    /// <param name="project">The Firebase project.</param>
    /// <param name="handler">What to put under its client; null: what it ships with.</param>
    public FirebaseAdminSender(string path, Uri address, string token, string project, SocketsHttpHandler? handler)
    {
        library = Assembly.LoadFrom(Path.GetFullPath(path));
        Name = handler is null ? "firebase-admin .NET as shipped" : "firebase-admin .NET over HTTP/2";
        dynamic options = New("FirebaseAdmin.AppOptions");
        options.ProjectId = project;
        options.Credential = GoogleCredential.FromAccessToken(token);
        options.HttpClientFactory = new Redirection(address, handler);
        app = Static("FirebaseAdmin.FirebaseApp", "Create", options, Name);
        messaging = Static("FirebaseAdmin.Messaging.FirebaseMessaging", "GetMessaging", app);
    }

    public string Name { get; }

    public async ValueTask SendAsync(PushMessage message, PushTarget target) => await (Task<string>)messaging.SendAsync(Body(message, target));

    public ValueTask DisposeAsync()
    {
        app.Delete();
        return ValueTask.CompletedTask;
    }

    /// <summary>The same message that the product sends, as far as the library has fields for it.</summary>
    private dynamic Body(PushMessage message, PushTarget target)
    {
        var body = NaiveSender.Fields(message);
        dynamic notification = New("FirebaseAdmin.Messaging.Notification");
        (notification.Title, notification.Body) = (message.Title, message.Body);
        dynamic tagged = New("FirebaseAdmin.Messaging.AndroidNotification");
        tagged.Tag = body.Id;
        dynamic android = New("FirebaseAdmin.Messaging.AndroidConfig");
        (android.TimeToLive, android.Notification) = (TimeSpan.FromSeconds(body.SecondsLeft), tagged);
        dynamic aps = New("FirebaseAdmin.Messaging.Aps");
        (aps.Sound, aps.Category) = ("default", message.Event);
        dynamic apns = New("FirebaseAdmin.Messaging.ApnsConfig");
        (apns.Headers, apns.Aps) = (body.ApnsHeaders, aps);
        dynamic shown = New("FirebaseAdmin.Messaging.WebpushNotification");
        (shown.Tag, shown.Renotify) = (body.Id, false);
        dynamic web = New("FirebaseAdmin.Messaging.WebpushConfig");
        (web.Headers, web.Notification) = (body.WebHeaders, shown);
        dynamic label = New("FirebaseAdmin.Messaging.FcmOptions");
        label.AnalyticsLabel = message.Event;
        dynamic whole = New("FirebaseAdmin.Messaging.Message");
        (whole.Token, whole.Notification, whole.Data, whole.Android, whole.Apns, whole.Webpush, whole.FcmOptions) = (target.Address, notification, body.Data, android, apns, web, label);
        return whole;
    }

    private object New(string type) => Activator.CreateInstance(library.GetType(type, throwOnError: true)!)!;

    private dynamic Static(string type, string method, params object[] arguments) =>
        library.GetType(type, throwOnError: true)!.GetMethod(method, [.. arguments.Select(a => a.GetType())])!.Invoke(null, arguments)!;

    private sealed class Redirection(Uri address, SocketsHttpHandler? handler) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Redirected(address, handler is not null, handler ?? base.CreateHandler(args));
    }

    private sealed class Redirected(Uri address, bool http2, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = address;
            if (http2) (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
