package io.starfire.stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of streams, from their status at the time of asking, each with the tag {@code
 * pipeline}: {@code starfire_stream_outcomes_total} by operator and outcome, {@code
 * starfire_stream_watermark_seconds} by stage (event time since the epoch), {@code
 * starfire_stream_lag_records} by topic, {@code starfire_stream_running} and {@code
 * starfire_stream_stalled} (0 or 1). Thread-safe.
 */
final class StreamMetrics {
  private static final String PIPELINE = "pipeline";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Set<String> registered = new HashSet<>();
  private final Map<String, StreamStatus> current = new HashMap<>();
  private final Supplier<List<StreamStatus>> statuses;

  StreamMetrics(Supplier<List<StreamStatus>> statuses) {
    this.statuses = statuses;
  }

  /** In Prometheus format. */
  synchronized String scrape() {
    for (StreamStatus status : statuses.get()) {
      current.put(status.pipeline(), status);
      register(status);
    }
    return registry.scrape();
  }

  private void register(StreamStatus status) {
    String pipeline = status.pipeline();
    gauge(
        pipeline,
        "running",
        Tags.empty(),
        now -> now.state() == StreamStatus.State.RUNNING ? 1 : 0);
    gauge(pipeline, "stalled", Tags.empty(), now -> now.problem() == null ? 0 : 1);
    for (String stage : status.watermarks().keySet()) {
      gauge(
          pipeline,
          "watermark.seconds",
          Tags.of("stage", stage),
          now -> now.watermarks().getOrDefault(stage, 0L) / 1000.0);
    }
    for (String topic : status.lag().keySet()) {
      gauge(
          pipeline,
          "lag.records",
          Tags.of("topic", topic),
          now -> now.lag().getOrDefault(topic, 0L));
    }
    status
        .outcomes()
        .forEach(
            (operator, counts) ->
                counts.keySet().forEach(what -> counter(pipeline, operator, what)));
  }

  private void gauge(String pipeline, String name, Tags tags, ToDoubleFunction<StreamStatus> read) {
    Tags all = tags.and(PIPELINE, pipeline);
    if (registered.add(name + all)) {
      Gauge.builder(
              "starfire.stream." + name,
              this,
              metrics -> read.applyAsDouble(metrics.current.get(pipeline)))
          .tags(all)
          .register(registry);
    }
  }

  private void counter(String pipeline, String operator, String outcome) {
    Tags all = Tags.of(PIPELINE, pipeline, "operator", operator, "outcome", outcome);
    if (registered.add("outcomes" + all)) {
      FunctionCounter.builder(
              "starfire.stream.outcomes",
              this,
              metrics -> metrics.current.get(pipeline).count(operator, outcome))
          .tags(all)
          .register(registry);
    }
  }
}
