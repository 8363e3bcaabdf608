using System.Globalization;
using Xunit;

namespace Ringback.Engine.Tests.Shared;

public sealed class SharedTextTests
{
    [Fact]
    public void Equal_texts_are_one_string_and_a_flood_of_others_is_not_kept()
    {
        Assert.Same(SharedText.Of(Made("x-", 1)), SharedText.Of(Made("x-", 1)));
        for (var number = 0; number < 2_000; number++) Assert.Equal(Made("x-flood-", number), SharedText.Of(Made("x-flood-", number)));
        var beyond = Made("x-beyond-", 1);
        Assert.Same(beyond, SharedText.Of(beyond));
        Assert.NotSame(beyond, SharedText.Of(Made("x-beyond-", 1)));
        Assert.Same(SharedText.Of(Made("x-", 1)), SharedText.Of(Made("x-", 1)));
    }

    /// <summary>A new string each time.</summary>
    private static string Made(string kind, int number) => kind + number.ToString(CultureInfo.InvariantCulture);
}
