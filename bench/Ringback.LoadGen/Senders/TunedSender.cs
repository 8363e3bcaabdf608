using System.Net;
using System.Net.Http.Headers;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.LoadGen.Senders;

/// <summary>
/// The floor of .NET's HTTP stack: one connection, no HttpClient around the handler, nothing that follows traces, the body written by Utf8JsonWriter. No
/// time-out, no reading of answers beyond the status, no token that may expire: what a sender has to add comes on top.
/// </summary>
internal sealed class TunedSender(Uri address, string token) : ISender
{
    private static readonly MediaTypeHeaderValue json = new("application/json");
    private readonly string authorization = "Bearer " + token;

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
    });

    public string Name => "tuned SocketsHttpHandler";

    public async ValueTask SendAsync(PushMessage message, PushTarget target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(FcmMessageWriter.Write(message, target, TimeProvider.System.GetUtcNow())),
        };
        request.Content.Headers.ContentType = json;
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }
}
