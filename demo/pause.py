"""How the supervisor waits: signals are blocked, and looked at only while it pauses.

So no signal ever arrives between starting a program and remembering it.
"""

import signal

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
NOTICED = STOP_SIGNALS | {signal.SIGCHLD}


class StopRequested(Exception):
    """Somebody pressed Ctrl-C, closed the terminal, or sent a stop signal."""


def hold_signals() -> None:
    """Let stop signals and news of ended children wait for the next pause."""
    signal.pthread_sigmask(signal.SIG_BLOCK, NOTICED)


def release_signals() -> None:
    """Let signals arrive as usual: a child program inherits what its parent blocks."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, NOTICED)


def pause(seconds: float) -> None:
    """Wait `seconds`, less if a child ends; raise StopRequested if asked to stop."""
    arrived = signal.sigtimedwait(NOTICED, seconds)
    if arrived and arrived.si_signo in STOP_SIGNALS:
        raise StopRequested
