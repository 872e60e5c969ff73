package io.starfire.stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a stream, from its status at the time of asking: {@code
 * starfire_stream_outcomes_total} by operator and outcome, {@code
 * starfire_stream_watermark_seconds} by stage (event time since the epoch), {@code
 * starfire_stream_lag_records} by topic, {@code starfire_stream_running} and {@code
 * starfire_stream_stalled} (0 or 1). Thread-safe.
 */
final class StreamMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Set<String> registered = new HashSet<>();
  private final Supplier<StreamStatus> status;
  private StreamStatus current;

  StreamMetrics(Supplier<StreamStatus> status) {
    this.status = status;
  }

  /** In Prometheus format. */
  synchronized String scrape() {
    current = status.get();
    gauge("running", "state", "running", now -> now.state() == StreamStatus.State.RUNNING ? 1 : 0);
    gauge("stalled", "state", "stalled", now -> now.problem() == null ? 0 : 1);
    current
        .watermarks()
        .keySet()
        .forEach(
            stage ->
                gauge(
                    "watermark.seconds",
                    "stage",
                    stage,
                    now -> now.watermarks().getOrDefault(stage, 0L) / 1000.0));
    current
        .lag()
        .keySet()
        .forEach(
            topic ->
                gauge("lag.records", "topic", topic, now -> now.lag().getOrDefault(topic, 0L)));
    current
        .outcomes()
        .forEach((operator, counts) -> counts.keySet().forEach(what -> counter(operator, what)));
    return registry.scrape();
  }

  private void gauge(String name, String tag, String value, ToDoubleFunction<StreamStatus> read) {
    if (registered.add(name + "/" + value)) {
      Gauge.builder("starfire.stream." + name, this, metrics -> read.applyAsDouble(metrics.current))
          .tag(tag, value)
          .register(registry);
    }
  }

  private void counter(String operator, String outcome) {
    if (registered.add("outcomes/" + operator + "/" + outcome)) {
      FunctionCounter.builder(
              "starfire.stream.outcomes", this, metrics -> metrics.current.count(operator, outcome))
          .tag("operator", operator)
          .tag("outcome", outcome)
          .register(registry);
    }
  }
}
