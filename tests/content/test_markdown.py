"""What authors write becomes HTML that can do no harm."""

from __future__ import annotations

import pytest

from app.content.markdown import as_html


def test_tables_code_and_lists_stand_as_they_were_written() -> None:
    html = as_html("| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx < y\n```\n\n3. trzy\n\n~~nie~~ **tak**")
    for part in ("<td>1</td>", "<code>x &lt; y", '<ol start="3">', "<s>nie</s>", "<strong>tak</strong>"):
        assert part in html


def test_headings_stand_below_the_title_and_leave_out_no_step() -> None:
    assert as_html("# a\n\n### b\n\n# c").split() == ["<h2>a</h2>", "<h3>b</h3>", "<h2>c</h2>"]


@pytest.mark.parametrize(
    "source",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", '<a onclick="x">', "![x](https://obcy.example/p.png)"],
)
def test_nothing_in_it_acts_or_tells_who_reads(source: str) -> None:
    html = as_html(source)
    for harm in ("<script", 'href="javascript', "<a onclick", "<img"):
        assert harm not in html


def test_pictures_are_files_of_entries_and_a_draft_fetches_them_by_its_address() -> None:
    source = "![Ekran **x**](/content/files/3/ekran.png) [plik](/content/files/4/a.pdf) ![obcy](https://obcy.example/p)"
    assert '<img src="/content/files/3/ekran.png" alt="Ekran x">' in as_html(source)
    assert "obcy.example" not in as_html(source)
    drafted = as_html(source, preview="tok")
    assert "/content/files/3/ekran.png?preview=tok" in drafted
    assert "/content/files/4/a.pdf?preview=tok" in drafted
