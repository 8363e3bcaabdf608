using Ringback.Engine.Callbacks;
using Xunit;

namespace Ringback.Engine.Tests.Callbacks;

public sealed class PhoneNumberMaskTests
{
    [Theory]
    [InlineData("+14155557777", "+14•••••••77")]
    [InlineData("+4915551", "••••••••")]
    [InlineData("", "")]
    public void A_number_shows_its_beginning_and_two_digits_or_nothing(string number, string expected) => Assert.Equal(expected, PhoneNumberMask.Of(number));
}
