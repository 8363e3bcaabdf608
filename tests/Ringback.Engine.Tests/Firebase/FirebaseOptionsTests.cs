using System.ComponentModel.DataAnnotations;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class FirebaseOptionsTests
{
    [Fact]
    public void The_defaults_are_Google_and_valid()
    {
        var options = new FirebaseOptions();

        Assert.Empty(Mistakes(options));
        Assert.Equal("https://oauth2.googleapis.com/token", options.TokenEndpoint.AbsoluteUri);
        Assert.Equal("https://fcm.googleapis.com/v1/projects/demo/messages:send", FcmSender.SendUri(options, "demo").AbsoluteUri);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9099/")]
    [InlineData("http://localhost:9099/")]
    [InlineData("http://[::1]:9099/")]
    [InlineData("https://fcm.example/")]
    [InlineData("https://gateway.example/fcm/")]
    public void Plain_http_is_for_this_machine_alone(string address) =>
        Assert.Empty(Mistakes(new FirebaseOptions { SendEndpoint = new Uri(address), TokenEndpoint = new Uri(address) }));

    [Theory]
    [InlineData("http://fcm.example/", "must begin with https://")]
    [InlineData("http://10.0.0.1:9099/", "must begin with https://")]
    [InlineData("ftp://fcm.example/", "absolute https://")]
    [InlineData("/relative", "absolute https://")]
    [InlineData("https://user:secret@fcm.example/", "user name")]
    [InlineData("https://fcm.example/?key=secret", "query")]
    public void An_unsafe_address_is_named_and_not_echoed(string address, string says)
    {
        var mistakes = Mistakes(new FirebaseOptions { SendEndpoint = new Uri(address, UriKind.RelativeOrAbsolute) });

        Assert.Contains(says, Assert.Single(mistakes), StringComparison.Ordinal);
        Assert.Contains("Firebase:SendEndpoint", mistakes[0], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", mistakes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(61)]
    public void A_time_out_out_of_range_is_refused(int seconds) => Assert.Single(Mistakes(new FirebaseOptions { SendTimeout = TimeSpan.FromSeconds(seconds) }));

    private static List<string> Mistakes(FirebaseOptions options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(r => r.ErrorMessage ?? ""), .. new FirebaseOptionsRules().Validate(null, options).Failures ?? []];
    }
}
