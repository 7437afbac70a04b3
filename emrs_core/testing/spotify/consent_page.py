"""The page on which a person of the stand-in says yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from emrs_core.testing.spotify.people import Person

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stand-in for Spotify</title><link rel="icon" href="data:,">
<style>
  :root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }}
  main {{ box-sizing: border-box; width: min(26rem, 100vw); padding: 1.5rem; }}
  h1 {{ font-size: 1.4rem; margin: 0 0 .25rem; }}
  p.note {{ margin: 0 0 1.25rem; opacity: .75; font-size: .9rem; }}
  ul {{ margin: .25rem 0 1.5rem; padding-left: 1.25rem; }}
  button {{ font: inherit; width: 100%; text-align: left; padding: .7rem 1rem; margin-bottom: .6rem; cursor: pointer;
    border: 1px solid color-mix(in srgb, CanvasText 25%, transparent); border-radius: .6rem;
    background: transparent; color: inherit; }}
  button:hover, button:focus-visible {{ border-color: CanvasText; }}
  button small {{ display: block; opacity: .75; }}
  button.no {{ text-align: center; border-color: transparent; text-decoration: underline; }}
</style></head>
<body><main>
<h1>EMRS asks for access</h1>
<p class="note">This page stands in for Spotify. Nobody here is real, and nothing leaves this machine.</p>
<strong>It wants to</strong>
<ul>{wishes}</ul>
<form method="post" action="/authorize/decision">
<input type="hidden" name="ticket" value="{ticket}">
{people}
<button class="no" name="person" value="">Cancel</button>
</form>
</main></body></html>
"""
PROBLEM = '<!doctype html><title>Stand-in for Spotify</title><link rel="icon" href="data:,"><p>{message}</p>'
PERSON = '<button name="person" value="{id}">Agree as {name}<small>{about}</small></button>'
NO_WISH = "know which account is connected, nothing else"


def render(ticket: str, wishes: Sequence[str], people: Sequence[Person]) -> str:
    """HTML with a button for each person and one that declines."""
    listed = "".join(f"<li>{escape(wish)}</li>" for wish in wishes or [NO_WISH])
    buttons = "\n".join(PERSON.format(id=escape(p.id), name=escape(p.name), about=escape(p.describe())) for p in people)
    return PAGE.format(wishes=listed, ticket=escape(ticket), people=buttons)


def problem(message: str) -> str:
    """HTML that says why there is no consent page."""
    return PROBLEM.format(message=escape(message))
