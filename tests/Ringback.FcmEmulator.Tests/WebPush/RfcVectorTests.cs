using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ringback.FcmEmulator.WebPush;

namespace Ringback.FcmEmulator.Tests.WebPush;

/// <summary>The examples that the RFCs print.</summary>
public sealed class RfcVectorTests
{
    /// <summary>RFC 8292, section 2.4; the token ends on 2016-01-23 at 04:36:08 UTC.</summary>
    private const string VapidExample = "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";

    private const string VapidAudience = "https://push.example.net";

    private static readonly DateTimeOffset VapidTime = DateTimeOffset.FromUnixTimeSeconds(1_453_523_768 - 3600);

    [Fact]
    public void Rfc_8188_section_3_1_encrypts_to_the_body_it_prints()
    {
        var body = ContentEncoding.Encrypt("I am the walrus"u8, Bytes("yqdlZ-tYemfogSmv7Ws5PQ"), Bytes("I1BsxtFttlv3u_Oo94xnmw"), []);
        Assert.Equal("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg", Base64Url.EncodeToString(body));
    }

    [Fact]
    public void Rfc_8291_section_5_encrypts_to_the_body_it_prints()
    {
        var key = P256.Public(Bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"));
        key.D = Bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        using var sender = ECDiffieHellman.Create(key);
        var body = MessageEncryption.Encrypt(
            "When I grow up, I want to be a watermelon"u8,
            Bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            Bytes("BTBZMqHH6r4Tts7J_aSIgg"), sender, Bytes("DGv6ra1nlYgDCS1FRnbzlw"));
        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.EncodeToString(body));
    }

    [Fact]
    public void Rfc_8292_section_2_4_is_signed_by_the_key_it_names()
    {
        Assert.True(Vapid.TryRead(VapidExample, VapidAudience, VapidTime, out var signer));
        Assert.Equal("BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs", signer);
    }

    [Fact]
    public void A_vapid_token_is_refused_elsewhere_late_early_and_changed()
    {
        Assert.False(Vapid.TryRead(VapidExample, "https://push.example.com", VapidTime, out _));
        Assert.False(Vapid.TryRead(VapidExample, VapidAudience, VapidTime.AddHours(1), out _));
        Assert.False(Vapid.TryRead(VapidExample, VapidAudience, VapidTime.AddHours(-24), out _));
        Assert.False(Vapid.TryRead(VapidExample.Replace(".i3CY", ".i3CZ", StringComparison.Ordinal), VapidAudience, VapidTime, out _));
        Assert.False(Vapid.TryRead(VapidExample.Replace("k=BA1H", "k=BA1I", StringComparison.Ordinal), VapidAudience, VapidTime, out _));
        Assert.False(Vapid.TryRead("vapid t=a.b.c, k=d", VapidAudience, VapidTime, out _));
        Assert.False(Vapid.TryRead("Bearer x", VapidAudience, VapidTime, out _));
        Assert.False(Vapid.TryRead("", VapidAudience, VapidTime, out _));
    }

    [Fact]
    public void What_is_signed_here_is_read_here()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var header = Vapid.Authorization(key, new Uri("https://push.example.net/p/abc"), VapidTime);
        Assert.True(Vapid.TryRead(header, VapidAudience, VapidTime, out var signer));
        Assert.Equal(Vapid.PublicKey(key), signer);
    }

    [Fact]
    public void Content_that_needs_two_records_is_refused()
    {
        var content = Encoding.ASCII.GetBytes(new string('x', 4096 - 17));
        Assert.Equal(16 + 4 + 1 + 4096, ContentEncoding.Encrypt(content, new byte[16], new byte[16], []).Length);
        Assert.Throws<ArgumentException>(() => ContentEncoding.Encrypt([.. content, 0], new byte[16], new byte[16], []));
    }

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);
}
