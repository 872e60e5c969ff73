package io.starfire.common;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until a test moves it; a wait ends by a wake-up alone. */
final class ManualTicker implements Ticker {
  final AtomicLong nanos = new AtomicLong();

  /** The pauses that were asked for. */
  final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void await(Semaphore wakeUps, Duration longest) throws InterruptedException {
    pauses.add(longest);
    wakeUps.acquire();
  }
}
