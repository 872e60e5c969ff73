package io.starfire.serving.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starfire.segment.format.Unpacking;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, once the server has started, which loop reads the numbers of segments fastest here:
 * the loop of the Vector API has to be compiled before it can be compared. Stateless.
 */
final class UnpackingChoice {
  private static final Logger LOG = LoggerFactory.getLogger(UnpackingChoice.class);

  private UnpackingChoice() {}

  /** Leaves time to the first queries. */
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  /** Starts a thread that ends by itself within a minute, mostly in some seconds. */
  static void begin(MeterRegistry metrics) {
    Gauge.builder("starfire.segments.vectors", () -> Unpacking.usesVectors() ? 1 : 0)
        .description("1 if numbers of segments are unpacked by the Vector API, else 0")
        .register(metrics);
    Thread thread = new Thread(UnpackingChoice::choose, "starfire-unpacking");
    thread.setDaemon(true);
    thread.start();
  }

  private static void choose() {
    LOG.info(
        Unpacking.chooseFaster(System::nanoTime, () -> LockSupport.parkNanos(PAUSE_NANOS))
            .reason());
  }
}
