using System.Net;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Inbox;

public sealed class InboxTests
{
    [Fact]
    public async Task Messages_come_in_order_with_their_instant_and_project()
    {
        await using var emulator = await StartAsync();
        await SendAsync(emulator, "a", "b");
        var messages = await emulator.InboxAsync();
        Assert.Equal(
            """{"sequence":1,"receivedAt":"2026-11-23T10:15:30.000Z","projectId":"demo","validateOnly":false,"message":{"token":"a","data":{"notificationId":"n1"}}}""",
            messages[0]!.ToJsonString());
        Assert.Equal(2, (int)messages[1]!["sequence"]!);
    }

    [Fact]
    public async Task Token_after_and_last_select_messages()
    {
        await using var emulator = await StartAsync();
        await SendAsync(emulator, "a", "b", "a", "b", "a");
        Assert.Equal([1, 3, 5], await SequencesAsync(emulator, "?token=a"));
        Assert.Equal([4, 5], await SequencesAsync(emulator, "?after=3"));
        Assert.Equal([5], await SequencesAsync(emulator, "?after=3&token=a"));
        Assert.Equal([3, 5], await SequencesAsync(emulator, "?token=a&last=2"));
        Assert.Equal([], await SequencesAsync(emulator, "?after=5"));
        Assert.Equal([], await SequencesAsync(emulator, "?token=c"));
    }

    [Fact]
    public async Task Project_content_and_purpose_select_messages()
    {
        await using var emulator = await StartAsync();
        await SendAsync(emulator, "a", "b");
        using var check = await emulator.SendAsync("""{"validate_only":true,"message":{"topic":"news"}}""");
        Assert.Equal([1, 2, 3], await SequencesAsync(emulator, "?projectId=demo"));
        Assert.Equal([], await SequencesAsync(emulator, "?projectId=other"));
        Assert.Equal([3], await SequencesAsync(emulator, "?validateOnly=true"));
        Assert.Equal([1, 2], await SequencesAsync(emulator, "?validateOnly=false"));
        Assert.Equal([3], await SequencesAsync(emulator, "?contains=news"));
        Assert.Equal([2], await SequencesAsync(emulator, "?contains=notificationId&token=b"));
    }

    [Fact]
    public async Task A_reader_that_waits_hears_of_its_message_at_once()
    {
        await using var emulator = await StartAsync();
        await SendAsync(emulator, "a");
        var waiting = emulator.InboxAsync("?token=b&after=1&waitSeconds=60");
        await SendAsync(emulator, "a");
        Assert.False(waiting.IsCompleted);
        await SendAsync(emulator, "b");
        Assert.Equal(3, (int)Assert.Single(await waiting)!["sequence"]!);
    }

    [Fact]
    public async Task A_reader_waits_no_longer_than_it_asked_for()
    {
        await using var emulator = await StartAsync();
        var waiting = emulator.InboxAsync("?waitSeconds=5");
        Assert.True(await emulator.AdvanceUntilAsync(waiting) >= TimeSpan.FromSeconds(5));
        Assert.Empty(await waiting);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_readers()
    {
        var emulator = await StartAsync();
        using var http = new HttpClient
        {
            BaseAddress = emulator.Http.BaseAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var waiting = http.GetStringAsync("/inbox?after=1&waitSeconds=60", TestContext.Current.CancellationToken);
        // Second on the same connection: once it is answered, the reader before it is known to be there.
        Assert.NotEmpty(await http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        await emulator.DisposeAsync();
        Assert.Equal("""{"messages":[]}""", await waiting);
    }

    [Fact]
    public async Task Emptying_forgets_messages_and_counts_on()
    {
        await using var emulator = await StartAsync();
        await SendAsync(emulator, "a", "b");
        using var cleared = await emulator.Http.DeleteAsync("/inbox", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Empty(await emulator.InboxAsync());
        await SendAsync(emulator, "c");
        Assert.Equal([3], await SequencesAsync(emulator, ""));
    }

    [Theory]
    [InlineData("after=x", "after must be a whole number from 0 up.")]
    [InlineData("after=-1", "after must be a whole number from 0 up.")]
    [InlineData("waitSeconds=61", "waitSeconds must be a whole number from 0 to 60.")]
    [InlineData("waitSeconds=1.5", "waitSeconds must be a whole number from 0 to 60.")]
    [InlineData("last=0", "last must be a whole number from 1 to 100000.")]
    [InlineData("validateOnly=1", "validateOnly must be true or false.")]
    [InlineData("after=1&after=2", "after may be given once.")]
    [InlineData("tokn=a", "tokn is not a parameter; there are token, projectId, contains, validateOnly, after, last, waitSeconds.")]
    public async Task A_bad_question_is_answered_with_what_is_wrong(string query, string error)
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.Http.GetAsync($"/inbox?{query}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(error, (string?)(await JsonOf(answer))["error"]);
    }

    [Fact]
    public async Task Many_senders_and_one_reader_agree_on_every_message()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        const int count = 400;
        var sending = Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (index, _) =>
            {
                using var answer = await emulator.SendToAsync($"t{index}");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            });
        var seen = new List<long>();
        while (seen.Count < count)
        {
            var last = seen.Count == 0 ? 0 : seen[^1];
            seen.AddRange(await SequencesAsync(emulator, $"?after={last}&waitSeconds=60"));
        }
        await sending;
        Assert.Equal(Enumerable.Range(1, count).Select(number => (long)number), seen);
    }

    private static async Task SendAsync(TestEmulator emulator, params string[] tokens)
    {
        if (emulator.Http.DefaultRequestHeaders.Authorization is null)
        {
            await emulator.SignInAsync();
        }
        foreach (var token in tokens)
        {
            using var answer = await emulator.SendToAsync(token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task<IEnumerable<long>> SequencesAsync(TestEmulator emulator, string query)
        => (await emulator.InboxAsync(query)).Select(message => (long)message!["sequence"]!);
}
