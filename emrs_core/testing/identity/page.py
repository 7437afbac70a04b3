"""The page on which one chooses whom to sign in as."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from emrs_core.testing.identity.people import Account

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stand-in for an identity provider</title><link rel="icon" href="data:,">
<style>
  :root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }}
  main {{ box-sizing: border-box; width: min(24rem, 100vw); padding: 1.5rem; }}
  h1 {{ font-size: 1.4rem; margin: 0 0 .25rem; }}
  p {{ margin: 0 0 1.25rem; opacity: .75; font-size: .9rem; }}
  button {{ font: inherit; width: 100%; text-align: left; padding: .7rem 1rem; margin-bottom: .6rem; cursor: pointer;
    border: 1px solid color-mix(in srgb, CanvasText 25%, transparent); border-radius: .6rem;
    background: transparent; color: inherit; }}
  button:hover, button:focus-visible {{ border-color: CanvasText; }}
  button small {{ display: block; opacity: .75; }}
  button.no {{ text-align: center; border-color: transparent; text-decoration: underline; }}
</style></head>
<body><main>
<h1>Sign in to EMRS</h1>
<p>This page stands in for an identity provider. Nobody here is real, and nothing leaves this machine.</p>
<form method="post" action="/authorize/decision">
<input type="hidden" name="ticket" value="{ticket}">
{people}
<button class="no" name="person" value="">Cancel</button>
</form>
</main></body></html>
"""
PERSON = '<button name="person" value="{subject}">{name}<small>{email}{note}</small></button>'
UNVERIFIED = ", an address that nobody verified"
PROBLEM = '<!doctype html><title>Stand-in</title><link rel="icon" href="data:,"><p>{message}</p>'


def render(ticket: str, people: Sequence[Account]) -> str:
    """HTML with a button for each person and one that declines."""
    buttons = "\n".join(
        PERSON.format(
            subject=escape(each.subject),
            name=escape(each.name),
            email=escape(each.email),
            note="" if each.email_verified else UNVERIFIED,
        )
        for each in people
    )
    return PAGE.format(ticket=escape(ticket), people=buttons)


def problem(message: str) -> str:
    """HTML that says why there is nothing to choose."""
    return PROBLEM.format(message=escape(message))
