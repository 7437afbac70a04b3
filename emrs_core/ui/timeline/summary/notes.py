"""What the figures mean, with the source of each, behind one button."""

from __future__ import annotations

from typing import Final

NOTES: Final = """
**Time.** A reading speaks for the time until the next one; more than a second without one is a gap, and no figure fills
it. Excluded stretches are left out everywhere.

**Calm reading and single looks.** The calm reading is what the Live page says: averaged, and silent when unsure. A
single look is what one picture alone gave. Shares of the calm reading are of all recorded time, those of the single
looks of the time with a look.

**Changes** count how often one name of the calm reading followed another without a gap. A row of the table divided by
its sum estimates the chain of moods with stays left out (Anderson & Goodman 1957).

**Mean and slope** are over seconds with a readable face, on a plane from −1 to 1; the slope is a least-squares line's.

**Inertia** is the correlation of each second with the next: how much of a mood is carried on (Kuppens, Allen & Sheeber
2010). **Instability** is the mean squared difference from one second to the next, MSSD (von Neumann et al. 1941; Jahng,
Wood & Trull 2008). Both depend on the smoothing: compare sessions of the same settings only.

**Before, during, after** are the means of the 30 seconds before a song, of the song, and of the 30 seconds after it,
stopping at the neighbouring songs. A difference is no effect of the song: nothing was randomised.

**What was said** is the nine steps of the Self-Assessment Manikin (Bradley & Lang 1994) laid on the plane, beside the
face's mean within half a minute. It counts more than the face.

**Intervals** are 95 % intervals. Neighbouring seconds resemble each other, so the session itself says how far its face
wanders without any cause (an autoregression), and figures of many series made up in that way show how much a figure
owes to chance: the sieve bootstrap (Bühlmann 1997). Shares have Wilson's interval (1927) with as many looks as are
independent. Changes that songs made count as wandering too, so an interval is rather too wide than too narrow. None is
given where there is too little.
"""
