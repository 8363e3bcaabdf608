using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ringback.FcmEmulator.Hosting;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Accounts;

public sealed class AccountTests
{
    [Fact]
    public async Task A_minted_file_has_the_shape_that_firebase_hands_out()
    {
        await using var emulator = await StartAsync();
        var file = (await emulator.MintAsync()).File;
        string[] names =
        [
            "type", "project_id", "private_key_id", "private_key", "client_email", "client_id", "auth_uri", "token_uri",
            "auth_provider_x509_cert_url", "client_x509_cert_url", "universe_domain",
        ];
        Assert.Equal(names, file.Select(field => field.Key));
        Assert.Equal("service_account", (string?)file["type"]);
        Assert.Matches("^firebase-adminsdk-[a-z0-9]{5}@demo\\.iam\\.gserviceaccount\\.com$", (string)file["client_email"]!);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", (string)file["private_key"]!, StringComparison.Ordinal);
        using var key = RSA.Create();
        key.ImportFromPem((string)file["private_key"]!);
        Assert.Equal(2048, key.KeySize);
    }

    [Fact]
    public async Task The_list_shows_names_and_never_keys()
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        var list = await emulator.Http.GetStringAsync("/accounts", TestContext.Current.CancellationToken);
        Assert.Equal(
            new JsonObject { ["accounts"] = new JsonArray(new JsonObject { ["projectId"] = "demo", ["clientEmail"] = account.ClientEmail }) }.ToJsonString(),
            JsonNode.Parse(list)!.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"projectId":1}""")]
    [InlineData("""{"projectId":"Upper Case"}""")]
    [InlineData("""{"projectId":"demo","serviceAccount":{}}""")]
    [InlineData("""{"serviceAccount":null}""")]
    [InlineData("""{"serviceAccount":{"type":"authorized_user"}}""")]
    [InlineData("""{"serviceAccount":{"type":"service_account","project_id":"demo","client_email":"a@b","private_key":"x"}}""")]
    public async Task A_body_that_names_no_account_is_a_bad_request(string body)
    {
        await using var emulator = await StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await emulator.Http.PostAsync("/accounts", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty((string)(await JsonOf(answer))["error"]!);
    }

    [Fact]
    public async Task A_short_key_is_refused()
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.Http.PostAsJsonAsync(
            "/accounts", new { serviceAccount = TestAccount.Create("a@b", keyBits: 1024).File }, TestContext.Current.CancellationToken);
        Assert.Equal("serviceAccount: private_key has fewer than 2048 bits.", (string)(await JsonOf(answer))["error"]!);
    }

    [Fact]
    public async Task Revoking_nobody_is_not_found()
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.Http.DeleteAsync("/accounts/nobody", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Account_files_of_the_command_line_are_registered()
    {
        var account = TestAccount.Create("firebase-adminsdk-abcde@demo.iam.gserviceaccount.com");
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "account.json");
        await File.WriteAllTextAsync(file, account.File.ToJsonString(), TestContext.Current.CancellationToken);
        await using var emulator = await StartAsync(new EmulatorOptions { AccountFiles = [file] });
        Assert.NotEmpty(await emulator.BearerAsync(account));
    }
}
