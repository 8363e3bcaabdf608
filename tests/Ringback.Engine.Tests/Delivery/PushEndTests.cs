using System.Text;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

public sealed class PushEndTests
{
    [Fact]
    public void Every_state_in_which_a_push_is_over_says_what_it_means_and_what_to_do()
    {
        Assert.Null(PushEnd.Of(OutboxState.Pending, "UNAVAILABLE"));
        foreach (var state in Enum.GetValues<OutboxState>().Where(s => s != OutboxState.Pending))
        {
            foreach (var code in (string?[])[null, "a code of tomorrow"]) Sound(PushEnd.Of(state, code));
        }
    }

    /// <summary>Every answer that ends a push has words of its own, not those for answers that nobody knows.</summary>
    [Theory]
    [InlineData(404, "NOT_FOUND", "UNREGISTERED", "does not know this address any more")]
    [InlineData(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "another Firebase project")]
    [InlineData(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "something else than its registration token")]
    [InlineData(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", "on to Apple")]
    [InlineData(400, "INVALID_ARGUMENT", null, "something else than its registration token")]
    [InlineData(400, "FAILED_PRECONDITION", null, "the state that the project is in")]
    [InlineData(400, "OUT_OF_RANGE", null, "a value of the message")]
    [InlineData(501, "UNIMPLEMENTED", null, "does not know this kind of request")]
    [InlineData(413, null, null, "not in Firebase's form")]
    public void Every_answer_that_ends_a_push_has_words_of_its_own(int http, string? status, string? fcm, string words)
    {
        var details = fcm is null ? "" : "\"details\":[{\"@type\":\"type.googleapis.com/google.firebase.fcm.v1.FcmError\",\"errorCode\":\"" + fcm + "\"}],";
        var body = status is null ? "<html>" : "{\"error\":{" + details + "\"status\":\"" + status + "\"}}";
        var (state, code) = FcmErrorMap.Map(http, Encoding.UTF8.GetBytes(body), retryAfter: null, "p") switch
        {
            SendOutcome.TargetDead dead => (OutboxState.TargetDead, dead.Code),
            SendOutcome.TargetForeign foreign => (OutboxState.TargetForeign, foreign.Code),
            SendOutcome.TargetSuspect suspect => (OutboxState.TargetSuspect, suspect.Code),
            SendOutcome.Rejected rejected => (OutboxState.Rejected, rejected.Code),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
        var end = PushEnd.Of(state, code);
        Sound(end);
        Assert.Contains(words, end!.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_address_that_nothing_was_sent_to_says_so() =>
        Assert.Contains("It was not sent", PushEnd.Of(OutboxState.TargetDead, "target.dead")!.Meaning, StringComparison.Ordinal);

    [Theory]
    [InlineData("UNREGISTERED", "not believed")]
    [InlineData("a code of tomorrow", "something else than its registration token")]
    [InlineData(null, "something else than its registration token")]
    public void A_suspect_address_is_told_apart_from_a_dead_one_and_from_a_message_that_was_refused(string? code, string words) =>
        Assert.Contains(words, PushEnd.Of(OutboxState.TargetSuspect, code)!.Meaning, StringComparison.Ordinal);

    private static void Sound(PushEnd? end)
    {
        Assert.NotNull(end);
        Assert.All([end.Meaning, end.Next], text => Assert.EndsWith(".", text, StringComparison.Ordinal));
    }
}
