using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.TestKit;

/// <summary>An answer of the server, read to its end.</summary>
/// <param name="Request">Method and address, for failures.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers of the answer and of its content.</param>
/// <param name="Body">The body as it came.</param>
public sealed record ApiAnswer(string Request, HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body) ?? throw new JsonException("The body is the literal null.");

    /// <summary><c>data</c> of an envelope.</summary>
    public JsonNode Data => Json["data"] ?? throw new JsonException($"{Request} answered without data: {Body}");

    /// <summary><c>status.code</c> of an envelope.</summary>
    public int EnvelopeCode => Json["status"]!["code"]!.GetValue<int>();

    /// <summary><c>status.message</c> of an envelope, or <c>detail</c> of problem details.</summary>
    public string Message => (Json["status"] is JsonObject envelope ? envelope["message"] : Json["detail"])!.GetValue<string>();

    /// <summary>The correlation id, in whichever form the answer has.</summary>
    public string CorrId => (Json["status"] is JsonObject envelope ? envelope["corrId"] : Json["corrId"])!.GetValue<string>();

    /// <summary>This answer, if it has the status; otherwise the test ends here, with the body.</summary>
    public ApiAnswer Expect(HttpStatusCode status) => Status == status
        ? this
        : throw new UnexpectedAnswerException($"{Request} answered {(int)Status} instead of {(int)status}: {Body}");

    /// <summary>This answer, if it is a success.</summary>
    public ApiAnswer ExpectOk() => Expect(HttpStatusCode.OK);

    internal static async Task<ApiAnswer> ReadAsync(HttpRequestMessage request, HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new ApiAnswer($"{request.Method} {request.RequestUri!.PathAndQuery}", response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>An answer that the test did not provide for.</summary>
public sealed class UnexpectedAnswerException(string message) : Exception(message);
