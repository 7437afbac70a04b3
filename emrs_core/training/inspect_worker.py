"""``python -m emrs_core.training.inspect_worker MODEL_FOLDER``: answers looks inside the network over its pipes.

A process of its own, because Keras in the serving process would slow every redraw of every visitor. It reads requests
from standard input and ends with it, so it never outlives the process that started it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

from emrs_core.errors import EmrsError
from emrs_core.training.inside_wire import Message, pack_look, read_message, unpack_request, write_message

NICENESS = 10
"""Gives way to the live picture of other visitors, whatever the machine."""

OOM_FILE = Path("/proc/self/oom_score_adj")
FIRST_TO_GO = "1000"
"""Linux' mark of the process to end first when memory runs out: this one comes back on demand, the server does not."""

MISSING = (
    "Looking inside the network needs TensorFlow and Keras, which could not be loaded ({reason}). Install them with "
    "`pip install -r requirements.txt`; everything else works without."
)


def main() -> int:
    """Load the network, say so, answer until standard input ends. Returns the exit status."""
    requests, answers = sys.stdin.buffer, _private_output()
    _give_way()
    try:
        from emrs_core.training.inside_network import InsideNetwork

        network = InsideNetwork(Path(sys.argv[1]))
    except ImportError as exc:
        write_message(answers, Message({"error": MISSING.format(reason=exc)}))
        return 1
    except EmrsError as exc:
        write_message(answers, Message({"error": str(exc)}))
        return 1
    write_message(answers, Message({"ready": True}))
    while (message := read_message(requests)) is not None:
        try:
            answer = pack_look(network.look(unpack_request(message)))
        except EmrsError as exc:
            answer = Message({"error": str(exc)})
        write_message(answers, answer)
    return 0


def _give_way() -> None:
    """To the serving process: in processor time, and in memory where Linux lets us. Refusals are no reason to stop."""
    with contextlib.suppress(OSError, AttributeError):  # no such call on Windows
        os.nice(NICENESS)
    with contextlib.suppress(OSError):
        OOM_FILE.write_text(FIRST_TO_GO, encoding="ascii")


def _private_output() -> BinaryIO:
    """Standard output for answers alone; whatever a library prints goes to standard error instead."""
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")


if __name__ == "__main__":
    sys.exit(main())
