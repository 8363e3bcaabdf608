using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Server.Web;

/// <summary>What the corner of a page says of the last action.</summary>
internal static class ResultToast
{
    /// <summary>
    /// Takes the place of the results before: with as many on the page as may be there at a time, a further one would have to wait for seconds. What went wrong stays until it is
    /// closed.
    /// </summary>
    public static void ShowResult(this ISnackbar toasts, string text, Severity severity)
    {
        toasts.Clear();
        toasts.Add(text, severity, toast => toast.RequireInteraction = severity == Severity.Error);
    }

    /// <summary>An outage, in words for the user.</summary>
    /// <param name="away">A <see cref="StorageException"/> or a <see cref="ProblemException"/>.</param>
    public static string TextOf(Exception away) => away is ProblemException problem ? problem.Fault.Detail : "The database cannot be reached. Try again in a moment.";
}
