"""Slack's mrkdwn as HTML: the marks that are used, read as Slack reads them, and nothing that comes alive."""

import pytest

from bot.sandbox.mrkdwn import mrkdwn


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("*bold* _lean_ ~gone~ `code`", "<strong>bold</strong> <em>lean</em> <s>gone</s> <code>code</code>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("*a _b_*", "<strong>a <em>b</em></strong>"),
        ("`*not bold*`", "<code>*not bold*</code>"),
        ("```a\n*b*```", "<pre>a\n*b*</pre>"),
        ("* no *", "* no *"),
        ("a &lt;b&gt; &amp;amp;", "a &lt;b&gt; &amp;amp;"),
        ("<@U0BEN> <@U0NOBODY>", '<span class="mention">@Ben</span> <span class="mention">@U0NOBODY</span>'),
        ("<!channel> <#C1|general>", '<span class="mention">@channel</span> <span class="mention">general</span>'),
        ("<!date^1^{date}|Monday>", '<span class="mention">Monday</span>'),
        ("<javascript:alert(1)|click>", "click"),
        ("<JavaScript:alert(1)>", "JavaScript:alert(1)"),
        ("<https://[bad|there>", "there"),
        ("\ue0000\ue001", "0"),
    ],
)
def test_marks_are_read_as_slack_reads_them(said: str, expected: str) -> None:
    assert mrkdwn(said, {"U0BEN": "Ben"}) == expected


def test_a_link_opens_elsewhere_and_tells_nothing_of_where_it_came_from() -> None:
    said = '*<https://a.example/?a=1&amp;b=2|Read "me">*'
    link = '<a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">Read &#34;me&#34;</a>'
    assert mrkdwn(said, {}) == f"<strong>{link}</strong>"
