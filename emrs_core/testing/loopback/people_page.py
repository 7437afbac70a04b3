"""The page on which one chooses as whom to answer a stand-in, or declines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stand-in for {stands_for}</title><link rel="icon" href="data:,">
<style>
  :root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText; }}
  main {{ box-sizing: border-box; width: min(26rem, 100vw); padding: 1.5rem; }}
  h1 {{ font-size: 1.4rem; margin: 0 0 .25rem; }}
  p {{ margin: 0 0 1.25rem; opacity: .75; font-size: .9rem; }}
  ul {{ margin: .25rem 0 1.5rem; padding-left: 1.25rem; }}
  button {{ font: inherit; width: 100%; text-align: left; padding: .7rem 1rem; margin-bottom: .6rem; cursor: pointer;
    border: 1px solid color-mix(in srgb, CanvasText 25%, transparent); border-radius: .6rem;
    background: transparent; color: inherit; }}
  button:hover, button:focus-visible {{ border-color: CanvasText; }}
  button small {{ display: block; opacity: .75; }}
  button.no {{ text-align: center; border-color: transparent; text-decoration: underline; }}
</style></head>
<body><main>
<h1>{heading}</h1>
<p>This page stands in for {stands_for}. Nobody here is real, and nothing leaves this machine.</p>
{wishes}
<form method="post" action="/authorize/decision">
<input type="hidden" name="ticket" value="{ticket}">
{people}
<button class="no" name="person" value="">Cancel</button>
</form>
</main></body></html>
"""
WISHES: Final = "<strong>It wants to</strong>\n<ul>{items}</ul>"
PERSON: Final = '<button name="person" value="{id}">{words}<small>{about}</small></button>'
PROBLEM: Final = (
    '<!doctype html><title>Stand-in for {stands_for}</title><link rel="icon" href="data:,"><p>{message}</p>'
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody whom one can be: the id that is sent, the button's words, and a line about them."""

    id: str
    words: str
    about: str


def people_page(
    stands_for: str, heading: str, ticket: str, people: Sequence[Choice], wishes: Sequence[str] = ()
) -> str:
    """HTML with a button for each person and one that declines; ``wishes`` are what is asked for."""
    buttons = "\n".join(
        PERSON.format(id=escape(one.id), words=escape(one.words), about=escape(one.about)) for one in people
    )
    items = "".join(f"<li>{escape(wish)}</li>" for wish in wishes)
    return PAGE.format(
        stands_for=escape(stands_for),
        heading=escape(heading),
        ticket=escape(ticket),
        people=buttons,
        wishes=WISHES.format(items=items) if items else "",
    )


def problem_page(stands_for: str, message: str) -> str:
    """HTML that says why there is nobody to choose."""
    return PROBLEM.format(stands_for=escape(stands_for), message=escape(message))
