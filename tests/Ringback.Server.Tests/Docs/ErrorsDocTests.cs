using System.Reflection;
using System.Text;
using Ringback.Engine;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>docs/api/errors.md is made from <see cref="Problems"/>.</summary>
public sealed class ErrorsDocTests
{
    private const string File = "docs/api/errors.md";

    [Fact]
    public void The_page_says_what_the_code_says() => Repository.Compare(File, Make(All()));

    [Fact]
    public void Every_code_has_a_place_that_the_answers_type_can_lead_to() =>
        Assert.All(All(), p => Assert.Contains(p.Problem.Code, Repository.Page(File).Anchors));

    [Fact]
    public void A_changed_code_is_noticed()
    {
        var changed = All();
        changed[0] = (changed[0].Field, changed[0].Problem with { Code = "request.renamed" });
        Assert.NotEqual(Repository.Read(File), Make(changed));
    }

    private static List<(FieldInfo Field, Problem Problem)> All() =>
        [.. typeof(Problems).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.FieldType == typeof(Problem)).Select(f => (f, (Problem)f.GetValue(null)!))];

    private static string Make(List<(FieldInfo Field, Problem Problem)> problems)
    {
        var page = new StringBuilder("""
            # Errors

            <!-- Made from src/Ringback.Engine/Shared/Problems.cs by tests/Ringback.Server.Tests/Docs/ErrorsDocTests.cs. Do not edit by hand. -->

            A code never changes its meaning. The words may change. How errors travel is told in [the API's conventions](README.md#errors).

            - *Code* is `code` in the problem details of `/management/v1`.
            - *HTTP* is the status of the answer in both APIs.
            - *Engagement* is `status.code` in the envelope of `/engagement/v3`.

            | Code | HTTP | Engagement | Meaning | When |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var (field, p) in problems)
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| <a id=\"{p.Code}\"></a>`{p.Code}` | {p.Status} | {p.EngagementCode} | {p.Title} | {XmlDoc.Field(typeof(Problems), field.Name)} |\n");
        return page.ToString();
    }
}
