using System.Security.Cryptography;
using System.Text.Json;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class CredentialParserTests
{
    private static readonly string pem = TestKeys.Pem;
    private static readonly string bare = string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-')));

    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    private static readonly Dictionary<string, string> accepted = new()
    {
        ["as in the file"] = pem,
        ["with a final line feed"] = pem + "\n",
        ["literal \\n"] = pem.Replace("\n", "\\n") + "\\n",
        ["double literal \\n"] = pem.Replace("\n", "\\\\n"),
        ["literal \\r\\n"] = pem.Replace("\n", "\\r\\n"),
        ["CRLF"] = pem.Replace("\n", "\r\n"),
        ["old Mac line ends"] = pem.Replace("\n", "\r"),
        ["one line"] = pem.Replace("\n", " "),
        ["in quotes"] = $"\"{pem.Replace("\n", "\\n")}\"",
        ["in quotes with the comma"] = $"  \"{pem.Replace("\n", "\\n")}\",\n",
        ["in single quotes"] = $"'{pem}'",
        ["without BEGIN"] = pem[(pem.IndexOf('\n') + 1)..],
        ["without END"] = pem[..pem.LastIndexOf("-----END", StringComparison.Ordinal)],
        ["bare base64"] = bare,
        ["indented"] = string.Join('\n', pem.Split('\n').Select(line => "\t  " + line)),
        ["PKCS#1"] = TestKeys.Key.ExportRSAPrivateKeyPem(),
        ["bare PKCS#1"] = Convert.ToBase64String(TestKeys.Key.ExportRSAPrivateKey()),
        ["the whole file"] = TestKeys.ServiceAccount().GetRawText(),
        ["the whole file, indented"] = "\n" + JsonSerializer.Serialize(TestKeys.ServiceAccount(), indented) + "\n",
    };

    private static readonly Dictionary<string, (string Text, string Says)> refused = new()
    {
        ["nothing"] = ("", "privateKey is missing"),
        ["only white space"] = (" \n ", "privateKey is missing"),
        ["1024 bits"] = (RSA.Create(1024).ExportPkcs8PrivateKeyPem(), "has 1024 bits and at least 2048"),
        ["public key"] = (TestKeys.Key.ExportSubjectPublicKeyInfoPem(), "is a public key"),
        ["PKCS#1 public key"] = (TestKeys.Key.ExportRSAPublicKeyPem(), "is a public key"),
        ["bare public key"] = (Convert.ToBase64String(TestKeys.Key.ExportSubjectPublicKeyInfo()), "is no RSA private key"),
        ["certificate"] = (Certificate(), "is a certificate"),
        ["pass phrase"] = (TestKeys.Key.ExportEncryptedPkcs8PrivateKeyPem("pw", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)), "pass phrase"),
        ["old pass phrase"] = (TestKeys.Key.ExportRSAPrivateKeyPem().Insert(32, "Proc-Type: 4,ENCRYPTED\n"), "pass phrase"),
        ["elliptic curve, PKCS#8"] = (ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem(), "is no RSA private key"),
        ["elliptic curve, SEC1"] = (ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportECPrivateKeyPem(), "key of another kind"),
        ["cut off"] = (pem[..600], "is no"),
        ["cut off in bare form"] = (bare[..800], "is no RSA private key"),
        ["more behind it"] = (Convert.ToBase64String([.. TestKeys.Key.ExportPkcs8PrivateKey(), 1, 2, 3]), "is no RSA private key"),
        ["two keys"] = (pem + "\n" + pem, "more than one key"),
        ["key and certificate"] = (pem + "\n" + Certificate(), "more than one key"),
        ["some text"] = ("my private key!", "is no complete PEM key"),
        ["too large"] = (new string('A', (16 * 1024) + 1), "larger than 16 KiB"),
        ["broken JSON"] = ("{\"type\":", "is no valid JSON"),
        ["JSON of a user"] = (TestKeys.ServiceAccount(f => f["type"] = "authorized_user").GetRawText(), "serviceAccount.type must be service_account"),
    };

    public static TheoryData<string> Accepted => [.. accepted.Keys];

    public static TheoryData<string> Refused => [.. refused.Keys];

    [Theory, MemberData(nameof(Accepted))]
    public void Every_form_in_which_a_key_is_pasted_becomes_the_same_key(string form)
    {
        var answer = TestKeys.Parser.Parse(TestKeys.Project, TestKeys.Email, accepted[form]);

        Assert.Null(answer.Fault);
        Assert.Equal(TestKeys.Credential, answer.Value);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", answer.Value.PrivateKey.Reveal(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Refused))]
    public void Every_unusable_key_is_refused_with_its_reason_and_without_its_text(string form)
    {
        var (text, says) = refused[form];
        var fault = TestKeys.Parser.Parse(TestKeys.Project, TestKeys.Email, text).Fault;

        Assert.Equal(Problems.CredentialInvalid, fault?.Problem);
        Assert.Contains(says, fault!.Detail, StringComparison.Ordinal);
        foreach (var line in text.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')))
            Assert.DoesNotContain(line[..20], fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fcm-client-11959")]
    [InlineData("demo")]
    [InlineData(" demo \n")]
    [InlineData("p")]
    [InlineData("example.com:callback-app")]
    public void Project_ids_of_Google_and_of_emulators_are_taken(string project) =>
        Assert.Equal(project.Trim(), TestKeys.Parser.Parse(project, TestKeys.Email, pem).Value.ProjectName);

    [Theory]
    [InlineData(null, "projectName is missing")]
    [InlineData("", "projectName is missing")]
    [InlineData("My Project", "lower-case")]
    [InlineData("Demo", "lower-case")]
    [InlineData("-demo", "lower-case")]
    [InlineData("demo-", "lower-case")]
    [InlineData("demo/../other", "lower-case")]
    [InlineData("demo\nother", "lower-case")]
    [InlineData("123456789012", "is a number")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "longer than 64")]
    public void A_wrong_project_id_is_refused_by_name(string? project, string says) =>
        Assert.Contains(says, TestKeys.Parser.Parse(project, TestKeys.Email, pem).Fault!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "clientEmail is missing")]
    [InlineData("nobody", "no e-mail")]
    [InlineData("a b@c.example", "no e-mail")]
    [InlineData("a@b@c.example", "no e-mail")]
    [InlineData("a@c.example\nb", "no e-mail")]
    [InlineData("ä@c.example", "no e-mail")]
    public void A_wrong_email_is_refused_by_name(string? email, string says) =>
        Assert.Contains(says, TestKeys.Parser.Parse(TestKeys.Project, email, pem).Fault!.Detail, StringComparison.Ordinal);

    [Fact]
    public void An_email_that_is_too_long_is_refused() =>
        Assert.Contains("longer than 320", TestKeys.Parser.Parse(TestKeys.Project, new string('a', 320) + "@b", pem).Fault!.Detail, StringComparison.Ordinal);

    [Fact]
    public void A_pasted_file_fills_empty_fields_and_contradicts_wrong_ones()
    {
        var file = TestKeys.ServiceAccount().GetRawText();

        Assert.Equal(TestKeys.Credential, TestKeys.Parser.Parse("", null, file).Value);
        Assert.Contains("projectName differs", TestKeys.Parser.Parse("other", null, file).Fault!.Detail, StringComparison.Ordinal);
        Assert.Contains("clientEmail differs", TestKeys.Parser.Parse(null, "a@b", file).Fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://oauth2.googleapis.com/token")]
    [InlineData("https://accounts.google.com/o/oauth2/token")]
    [InlineData("http://127.0.0.1:9099/token")]
    [InlineData(null)]
    public void Token_addresses_of_Google_and_the_configured_one_are_taken(string? uri) =>
        Assert.Null(TestKeys.Parser.ParseServiceAccount(TestKeys.ServiceAccount(f => _ = uri is null ? f.Remove("token_uri") : f.TryAdd("x", 0) && (f["token_uri"] = uri) is null)).Fault);

    [Theory]
    [InlineData("https://evil.example/token")]
    [InlineData("http://oauth2.googleapis.com/token")]
    [InlineData("https://oauth2.googleapis.com.evil.example/token")]
    [InlineData("https://oauth2.googleapis.com@evil.example/token")]
    [InlineData("https://oauth2.googleapis.com:8443/token")]
    [InlineData("http://127.0.0.1:9098/token")]
    [InlineData("file:///etc/passwd")]
    [InlineData("")]
    public void A_foreign_token_address_is_refused_and_not_echoed(string uri)
    {
        var fault = TestKeys.Parser.ParseServiceAccount(TestKeys.ServiceAccount(f => f["token_uri"] = uri)).Fault;

        Assert.Contains("serviceAccount.token_uri", fault!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type")]
    [InlineData("project_id")]
    [InlineData("client_email")]
    [InlineData("private_key")]
    public void A_missing_or_mistyped_part_of_the_file_is_named(string name)
    {
        Assert.Contains($"serviceAccount.{name}", TestKeys.Parser.ParseServiceAccount(TestKeys.ServiceAccount(f => f.Remove(name))).Fault!.Detail, StringComparison.Ordinal);
        Assert.Contains($"serviceAccount.{name} must be a string", TestKeys.Parser.ParseServiceAccount(TestKeys.ServiceAccount(f => f[name] = 7)).Fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void A_file_that_is_no_object_is_refused(string json) =>
        Assert.Contains("must be the JSON object", TestKeys.Parser.ParseServiceAccount(JsonDocument.Parse(json).RootElement).Fault!.Detail, StringComparison.Ordinal);

    [Fact]
    public void Masks_show_a_few_characters()
    {
        Assert.Equal("mar…", TestKeys.Credential.ClientEmailMask);
        Assert.Equal("MIIE…", TestKeys.Credential.PrivateKeyMask);
    }

    private static string Certificate() => "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQUJD\n-----END CERTIFICATE-----";
}
