"""A redacted report holds no value of the data in any format."""

from dataclasses import replace

import pytest
from tests.report.examples import rich_result

from dataaudit.figures import Histogram, RangeStrip
from dataaudit.model import Status, redact
from dataaudit.report.html import render_html, render_notebook
from dataaudit.report.json import render_json
from dataaudit.report.junit import render_junit
from dataaudit.report.markdown import render_markdown
from dataaudit.report.terminal import render_terminal
from dataaudit.text import FromData, Text

FORMATS = {
    "html": render_html,
    "notebook": render_notebook,
    "json": render_json,
    "markdown": render_markdown,
    "junit": lambda result: render_junit(result, "info"),
    "terminal": lambda result: render_terminal(result, 200),
}
SECRET = "Zyxwvut"
NUMBER = 76543.25


def secretive_result():
    """Every place that may hold a value of the data holds a secret."""
    result = rich_result()

    def hide(finding):
        figure = finding.figure
        if isinstance(figure, Histogram):
            figure = replace(figure, edges=tuple(NUMBER + step for step in range(len(figure.edges))))
        elif isinstance(figure, RangeStrip):
            figure = replace(figure, train=(NUMBER, NUMBER + 1), other=(NUMBER, NUMBER + 2))
        elif figure is not None and hasattr(figure, "categories"):
            figure = replace(figure, categories=(SECRET, *figure.categories[1:]))
        elif figure is not None:
            figure = replace(figure, rows=(SECRET,) * len(figure.rows), columns=(SECRET,) * len(figure.columns))
        return replace(
            finding,
            message=Text(
                finding.message.template + " {secret}", {**finding.message.values, "secret": FromData(SECRET)}
            ),
            fix=Text("Leave out {secret}: `--drop {secret}`.", {"secret": [FromData(SECRET), FromData(NUMBER)]}),
            evidence={
                **finding.evidence,
                "value": FromData(SECRET),
                "list": [FromData(NUMBER)],
                "by": {"a": FromData(SECRET)},
            },
            identity=(SECRET,),
            figure=figure,
        )

    crashed = (
        replace(check, reason=f"ValueError: {SECRET}") if check.status is Status.CRASHED else check
        for check in result.checks
    )
    return replace(result, findings=tuple(hide(finding) for finding in result.findings), checks=tuple(crashed))


@pytest.mark.parametrize("name", FORMATS)
def test_the_secret_is_shown_without_redaction(name):
    assert SECRET in FORMATS[name](secretive_result())


@pytest.mark.parametrize("name", FORMATS)
def test_the_secret_is_gone_with_redaction(name):
    text = FORMATS[name](redact(secretive_result()))
    assert SECRET not in text
    assert "76543" not in text
    assert "76,543" not in text
    assert "▮▮▮" in text


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("json", "junit")])
def test_the_report_says_so(name):
    assert "Redacted: every value that came from the data is left out." in FORMATS[name](redact(rich_result()))


def test_shares_and_counts_stay():
    text = render_markdown(redact(rich_result()))
    assert "94.9 % of the rows with colour = ▮▮▮ are ▮▮▮" in text


@pytest.mark.parametrize("name", ["html", "json"])
@pytest.mark.parametrize("prior", [f"--prior {SECRET}=0.06", f"--prior={SECRET}=0.06", f"--pri '{SECRET} or so=0.06'"])
def test_the_recorded_command_names_no_class(name, prior):
    result = replace(secretive_result(), command=f"dataaudit audit train.csv {prior} --label y --redact")
    assert SECRET in FORMATS[name](result)
    text = FORMATS[name](redact(result))
    assert SECRET not in text
    assert "train.csv" in text
