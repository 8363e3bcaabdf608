using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Ringback.FcmEmulator.Devices;

namespace Ringback.FcmEmulator.WebPush;

/// <summary>What the push service said.</summary>
internal enum PushOutcome
{
    /// <summary>It has the message.</summary>
    Taken,

    /// <summary>404 or 410: the browser or its user ended the subscription.</summary>
    Gone,

    /// <summary>401 or 403: the subscription was made with a key that is not the project's.</summary>
    KeyRefused,

    /// <summary>The message does not fit into 4096 bytes once it is encrypted.</summary>
    TooLarge,

    /// <summary>Anything else, or nobody there.</summary>
    Unavailable,
}

/// <summary>Encrypts a message for a browser and posts it to the browser's push service (RFC 8030).</summary>
internal sealed class WebPushDelivery : IDisposable
{
    /// <summary>Mozilla's and Google's push services answer within a second; a sender of ours waits for this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly WebPushKeys _keys;
    private readonly TimeProvider _clock;

    public WebPushDelivery(WebPushKeys keys, TimeProvider clock)
    {
        _keys = keys;
        _clock = clock;
        // No redirects and no proxy: the address was checked once and is used as it is.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Patience };
    }

    /// <param name="corrupt">Flips a bit of the ciphertext: the browser must then drop the message.</param>
    public async Task<PushOutcome> DeliverAsync(Device device, WebSubscription web, WebMessage message, bool corrupt, CancellationToken cancellation)
    {
        if (_keys.Of(device.ProjectId) is not { } key)
        {
            return PushOutcome.Unavailable;
        }
        byte[] body;
        try
        {
            body = MessageEncryption.Encrypt(message.Payload.Span, web.PublicKey.Span, web.AuthSecret.Span);
        }
        catch (ArgumentException)
        {
            return PushOutcome.TooLarge;
        }
        if (corrupt)
        {
            body[^20] ^= 1;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, web.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Headers.TryAddWithoutValidation("TTL", message.Ttl.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Authorization", Vapid.Authorization(key, web.Endpoint, _clock.GetUtcNow()));
        if (message.Urgency is not null)
        {
            request.Headers.TryAddWithoutValidation("Urgency", message.Urgency);
        }
        if (message.Topic is not null)
        {
            request.Headers.TryAddWithoutValidation("Topic", message.Topic);
        }
        return await PostAsync(request, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<PushOutcome> PostAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => PushOutcome.Gone,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => PushOutcome.KeyRefused,
                HttpStatusCode.RequestEntityTooLarge => PushOutcome.TooLarge,
                _ when answer.IsSuccessStatusCode => PushOutcome.Taken,
                _ => PushOutcome.Unavailable,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return PushOutcome.Unavailable;
        }
    }
}
