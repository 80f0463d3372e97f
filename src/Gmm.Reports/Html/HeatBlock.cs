namespace Gmm.Reports;

/// <summary>A grid of values as colours: viewing directions.</summary>
/// <param name="title">The heading.</param>
/// <param name="chart">The counts.</param>
internal sealed class HeatBlock(string title, OrientationChart chart) : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        var id = html.NewId("chart");
        html.Open("figure", ("class", "chart"));
        html.Element("h3", title);
        html.Open("div", ("class", "plot"), ("id", id), ("style", "height:340px"), ("role", "img"), ("aria-label", title));
        html.Close("div");
        html.Element("figcaption", "Height is the cosine of tilt, so that equal areas are equal solid angles and an even distribution looks even.");
        html.Close("figure");
        html.AddData(id, "directions", json =>
        {
            json.WriteNumber("columns", chart.Columns);
            json.WriteNumber("rows", chart.Rows);
            json.WriteNumber("particles", chart.ParticleCount);
            PageJson.Write(json, "density", chart.Density);
        });
    }
}
