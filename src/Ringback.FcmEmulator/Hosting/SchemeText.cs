using System.Text;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>
/// How the text of <c>:scheme</c> is read. firebase-admin for Node puts <c>https:</c> there, with the colon that Node's own URLs have
/// (Http2RequestConfigImpl in lib/utils/api-request.js). Google's front end takes it; Kestrel would reset the stream with PROTOCOL_ERROR and
/// has no option to be lenient, but lets a header's encoding be chosen. This one drops the colon.
/// </summary>
internal sealed class SchemeText : Encoding
{
    private static readonly SchemeText Instance = new();

    /// <summary>For KestrelServerOptions.RequestHeaderEncodingSelector; null is the default encoding.</summary>
    public static Encoding? Select(string header) => header == ":scheme" ? Instance : null;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count > 0 && bytes[index + count - 1] == ':' ? count - 1 : count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        => Latin1.GetChars(bytes, byteIndex, GetCharCount(bytes, byteIndex, byteCount), chars, charIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
