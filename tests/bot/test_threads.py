"""Threads of a process are started once, end when they are told to, and can be started again."""

from __future__ import annotations

from queue import SimpleQueue

from bot.threads import BackgroundThreads


def test_threads_are_started_once_and_again_after_a_stop() -> None:
    begun: SimpleQueue[str] = SimpleQueue()
    ended: SimpleQueue[str] = SimpleQueue()

    def run() -> None:
        begun.put("begun")
        threads.stopping.wait()
        ended.put("ended")

    threads = BackgroundThreads(run, run)
    threads.start()
    threads.start()
    threads.stop()
    assert (begun.qsize(), ended.qsize()) == (2, 2)
    threads.start()
    threads.stop()
    assert (begun.qsize(), ended.qsize()) == (4, 4)


def test_who_does_not_end_is_not_waited_for_longer_than_said() -> None:
    holding: SimpleQueue[None] = SimpleQueue()
    threads = BackgroundThreads(holding.get)
    threads.start()
    threads.stop(within=0.0)
    holding.put(None)
