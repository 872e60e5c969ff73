package io.starfire.serving.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Slows down who tries passwords. After five wrong ones in a row for a name from an address, the
 * next is looked at only after a second, then after two, four, and so on up to a minute. Others who
 * use the name from elsewhere are not slowed. Thread-safe.
 */
final class FailedAttempts {
  private static final int FREE = 5;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
  private static final int MAX_KEPT = 10_000;

  private final InstantSource clock;
  private final Cache<Source, Failures> failures;

  private record Source(String name, String address) {}

  private record Failures(int count, long nextMillis) {}

  FailedAttempts(InstantSource clock) {
    this.clock = clock;
    Ticker ticker = () -> Duration.ofMillis(clock.millis()).toNanos();
    this.failures =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEPT)
            .expireAfterWrite(FORGOTTEN_AFTER)
            .ticker(ticker)
            .build();
  }

  /** How long the next password is not looked at. */
  Duration wait(String name, String address) {
    Failures known = failures.getIfPresent(new Source(name, address));
    long millis = known == null ? 0 : Math.max(0, known.nextMillis() - clock.millis());
    return Duration.ofMillis(millis);
  }

  /** A password was wrong. */
  void failed(String name, String address) {
    Failures unused =
        failures
            .asMap()
            .merge(
                new Source(name, address),
                after(1),
                (before, one) -> after(Math.min(before.count() + 1, 64)));
  }

  private Failures after(int count) {
    long seconds = count < FREE ? 0 : 1L << Math.min(count - FREE, 30);
    Duration wait = Duration.ofSeconds(seconds);
    Duration atMost = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    return new Failures(count, clock.millis() + atMost.toMillis());
  }

  /** A password was right. */
  void succeeded(String name, String address) {
    failures.invalidate(new Source(name, address));
  }
}
