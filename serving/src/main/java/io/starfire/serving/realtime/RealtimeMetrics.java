package io.starfire.serving.realtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starfire.event.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The meters of one real-time data source, all with the tag {@code dataSource}. Counts are of this
 * process.
 *
 * <ul>
 *   <li>{@code starfire.realtime.rows.indexed}: events that became rows
 *   <li>{@code starfire.realtime.rows.rejected}, tag {@code outcome}: events dead-lettered
 *   <li>{@code starfire.realtime.records.lost}: offsets gone from the log before they were read
 *   <li>{@code starfire.realtime.persists}, {@code .persist.failures}: pieces written
 *   <li>{@code starfire.realtime.handoffs}, {@code .handoff.failures}, {@code .handoff.refused}:
 *       ranges committed, attempts that failed, ranges that another node had committed
 *   <li>{@code starfire.realtime.heap.bytes}: gauge, estimated heap of rows in memory
 *   <li>{@code starfire.realtime.lag.records}: gauge, records not read yet, all partitions; NaN if
 *       not known
 *   <li>{@code starfire.realtime.paused}: gauge, 1 while back-pressure holds reading up
 * </ul>
 *
 * <p>Thread-safe.
 */
final class RealtimeMetrics implements AutoCloseable {
  private static final String PREFIX = "starfire.realtime.";

  private final MeterRegistry registry;
  private final String dataSource;
  private final List<Meter> meters = new ArrayList<>();
  private final Counter indexed;
  private final Map<Outcome, Counter> rejected = new EnumMap<>(Outcome.class);
  private final Counter lost;
  private final Counter persists;
  private final Counter persistFailures;
  private final Counter handOffs;
  private final Counter handOffFailures;
  private final Counter handOffsRefused;

  RealtimeMetrics(MeterRegistry registry, String dataSource) {
    this.registry = registry;
    this.dataSource = dataSource;
    indexed = counter("rows.indexed");
    for (Outcome outcome :
        List.of(Outcome.UNDECODABLE, Outcome.BAD_TIME, Outcome.LATE, Outcome.SINK_REJECTED)) {
      rejected.put(
          outcome,
          keep(
              Counter.builder(PREFIX + "rows.rejected")
                  .tag("dataSource", dataSource)
                  .tag("outcome", outcome.name())
                  .register(registry)));
    }
    lost = counter("records.lost");
    persists = counter("persists");
    persistFailures = counter("persist.failures");
    handOffs = counter("handoffs");
    handOffFailures = counter("handoff.failures");
    handOffsRefused = counter("handoff.refused");
  }

  private Counter counter(String name) {
    return keep(Counter.builder(PREFIX + name).tag("dataSource", dataSource).register(registry));
  }

  private <M extends Meter> M keep(M meter) {
    meters.add(meter);
    return meter;
  }

  void gauge(String name, Supplier<Number> value) {
    keep(
        Gauge.builder(PREFIX + name, value)
            .tag("dataSource", dataSource)
            .strongReference(true)
            .register(registry));
  }

  void indexed(long events) {
    indexed.increment((double) events);
  }

  void rejected(Outcome outcome) {
    rejected.get(outcome).increment();
  }

  void lost(long records) {
    lost.increment((double) records);
  }

  void persisted() {
    persists.increment();
  }

  void persistFailed() {
    persistFailures.increment();
  }

  void handedOff() {
    handOffs.increment();
  }

  void handOffFailed() {
    handOffFailures.increment();
  }

  void handOffRefused() {
    handOffsRefused.increment();
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
