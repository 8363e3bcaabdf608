using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>The form of a web app's values (rule A7): what can be known without asking Firebase.</summary>
public sealed class WebAppValuesTests
{
    // A good point of P-256: its base point.
    private const string Point = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";

    private static readonly WebAppValues good = new("1:123456789012:web:0a1b2c3d4e5f", "AIzaSyA-0123456789_abcdefghijklmnopqrst", "123456789012", "");

    [Fact, Trait("Rule", "A7")]
    public void Good_values_have_no_fault_with_white_space_around_them_and_with_a_web_push_key_too()
    {
        Assert.Null(good.Check());
        Assert.Null(new WebAppValues($" {good.AppId}\n", $"\t{good.ApiKey} ", $" {good.SenderId} ", $" {Point}= ").Trim().Check());
    }

    [Theory, Trait("Rule", "A7")]
    [InlineData("", "app_id_missing")]
    [InlineData("my-app", "app_id_form")]
    [InlineData("1:123456789012:android:0a1b2c", "app_id_android")]
    [InlineData("1:123456789012:ios:0a1b2c", "app_id_ios")]
    [InlineData("1:123456789012:web:XYZ", "app_id_form")]
    [InlineData("1:123456789012:web:0a1b\n", "app_id_form")]
    [InlineData("2:123456789012:web:0a1b", "app_id_form")]
    public void A_wrong_App_ID_is_named(string appId, string code) => Assert.Equal($"fields.{code}", (good with { AppId = appId }).Check()?.Code);

    [Theory, Trait("Rule", "A7")]
    [InlineData("", "api_key_missing")]
    [InlineData("AIza", "api_key_form")]
    [InlineData("BIzaSyA-0123456789_abcdefghijklmnopqrst", "api_key_form")]
    [InlineData("AIzaSyA-0123456789_abcdefghijklmnopqrs!", "api_key_form")]
    [InlineData("AAAAx7Y:APA91bGsomething", "api_key_server")]
    public void A_wrong_API_key_is_named(string apiKey, string code) => Assert.Equal($"fields.{code}", (good with { ApiKey = apiKey }).Check()?.Code);

    [Theory, Trait("Rule", "A7")]
    [InlineData("", "sender_id_missing")]
    [InlineData("12a", "sender_id_form")]
    [InlineData("123456789013", "sender_id_mismatch")]
    public void A_wrong_Sender_ID_is_named(string senderId, string code) => Assert.Equal($"fields.{code}", (good with { SenderId = senderId }).Check()?.Code);

    [Theory, Trait("Rule", "A7")]
    [InlineData("not base64!", "vapid_form")]
    [InlineData("AAAA", "vapid_form")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "vapid_private")]
    // 65 bytes, of which the last does not fit: no point of the curve.
    [InlineData("BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfQ", "vapid_form")]
    // 65 bytes that are compressed.
    [InlineData("AmsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU", "vapid_form")]
    public void A_wrong_web_push_key_is_named(string key, string code) => Assert.Equal($"fields.{code}", (good with { VapidKey = key }).Check()?.Code);

    [Theory, Trait("Rule", "A7")]
    [InlineData("const firebaseConfig = {\n  apiKey: \"K\",\n  authDomain: \"p.firebaseapp.com\",\n  projectId: \"p\",\n  messagingSenderId: \"1\",\n  appId: \"1:1:web:a\"\n};")]
    [InlineData("{\"apiKey\":\"K\",\"projectId\":\"p\",\"messagingSenderId\":\"1\",\"appId\":\"1:1:web:a\"}")]
    [InlineData("firebase.initializeApp({ 'apiKey' : 'K', 'projectId' : 'p', 'messagingSenderId' : '1', 'appId' : '1:1:web:a' })")]
    public void A_snippet_of_the_console_is_read_in_each_form(string text) =>
        Assert.Equal(new FirebaseConfigSnippet(new WebAppValues("1:1:web:a", "K", "1", ""), "p"), FirebaseConfigSnippet.Read(text));

    [Theory, Trait("Rule", "A7")]
    [InlineData("")]
    [InlineData("1:123456789012:web:0a1b2c3d4e5f")]
    [InlineData("projectId: \"p\"")]
    [InlineData("apiKey: window.key")]
    public void What_is_no_snippet_is_left_alone(string text) => Assert.Null(FirebaseConfigSnippet.Read(text));

    [Fact, Trait("Rule", "A7")]
    public void A_snippet_that_is_too_long_is_left_alone() => Assert.Null(FirebaseConfigSnippet.Read(new string(' ', FirebaseConfigSnippet.MaxLength) + "apiKey: \"K\""));
}
