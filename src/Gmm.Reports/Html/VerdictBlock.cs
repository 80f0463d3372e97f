using Gmm.Refinement;

namespace Gmm.Reports;

/// <summary>The verdict in the words and the colour of its outcome.</summary>
/// <param name="verdict">The verdict.</param>
internal sealed class VerdictBlock(Verdict verdict) : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        var (tone, sign, word) = verdict.Outcome switch
        {
            VerdictOutcome.Improved => ("good", "✓", "Improved"),
            VerdictOutcome.Unchanged => ("same", "=", "Unchanged"),
            VerdictOutcome.Worse => ("bad", "✗", "Worse"),
            VerdictOutcome.NoSignal => ("bad", "∅", "No signal"),
            _ => ("doubt", "?", "Cannot be judged"),
        };
        html.Open("section", ("class", $"verdict {tone}"), ("id", "verdict"));
        html.Element("span", sign, ("class", "sign"), ("aria-hidden", "true"));
        html.Open("div");
        html.Element("h2", word);
        html.Element("p", ReportText.Sentence(verdict.Reason));
        if (verdict.Advice is { } advice)
        {
            html.Element("p", ReportText.Sentence(advice), ("class", "advice"));
        }

        html.Close("div");
        html.Close("section");
    }
}
