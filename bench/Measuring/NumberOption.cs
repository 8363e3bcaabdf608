using System.CommandLine;

namespace Ringback.Measuring;

/// <summary>An option of the command line that takes a whole number within limits, which its help says.</summary>
internal static class NumberOption
{
    public static Option<int> Of(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = $"{description} {least} to {most}, default {value}.", DefaultValueFactory = _ => value, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var given && (given < least || given > most)) result.AddError($"{name} takes a number from {least} to {most}.");
        });
        return option;
    }
}
