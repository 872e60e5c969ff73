package io.starfire.archiver;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The metrics of an archiver, from its status at the time of asking: {@code
 * starfire_archive_rows_total}, {@code starfire_archive_complete_seconds} (clock time since the
 * epoch), {@code starfire_archive_lag_records} by topic, {@code starfire_archive_failed} (1 if it
 * has stopped by itself). Thread-safe.
 */
final class ArchiverMetrics {
  private static final double MILLIS_PER_SECOND = 1_000.0;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Set<String> topics = new HashSet<>();
  private final Supplier<ArchiverStatus> status;

  ArchiverMetrics(Supplier<ArchiverStatus> status) {
    this.status = status;
    FunctionCounter.builder("starfire.archive.rows", status, now -> now.get().rows())
        .register(registry);
    Gauge.builder(
            "starfire.archive.complete.seconds",
            status,
            now -> now.get().completeUpToMillis() / MILLIS_PER_SECOND)
        .register(registry);
    Gauge.builder(
            "starfire.archive.failed",
            status,
            now -> now.get().state() == ArchiverStatus.State.FAILED ? 1 : 0)
        .register(registry);
  }

  /** In Prometheus format. */
  synchronized String scrape() {
    for (String topic : status.get().lag().keySet()) {
      if (topics.add(topic)) {
        Gauge.builder(
                "starfire.archive.lag.records",
                status,
                now -> now.get().lag().getOrDefault(topic, 0L))
            .tag("topic", topic)
            .register(registry);
      }
    }
    return registry.scrape();
  }
}
