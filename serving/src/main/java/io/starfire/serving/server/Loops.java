package io.starfire.serving.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starfire.common.BackgroundLoop;
import io.starfire.common.BackgroundLoop.State;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The background loops of a server, as its health, its metrics and its exit code show them: the
 * gauges {@code starfire.loops.failed} and {@code starfire.loops.retrying} count those that ended
 * by an error, and those whose last step failed. Thread-safe.
 */
final class Loops {
  private final List<Supplier<List<BackgroundLoop.Status>>> vital = new CopyOnWriteArrayList<>();
  private final List<Supplier<List<BackgroundLoop.Status>>> others = new CopyOnWriteArrayList<>();

  Loops(MeterRegistry metrics) {
    gauge(metrics, State.FAILED, "failed", "Background loops that ended by an error");
    gauge(metrics, State.RETRYING, "retrying", "Background loops whose last step failed");
  }

  private void gauge(MeterRegistry metrics, State state, String name, String description) {
    Gauge.builder("starfire.loops." + name, () -> count(state))
        .description(description)
        .strongReference(true)
        .register(metrics);
  }

  private long count(State state) {
    return all().stream().filter(loop -> loop.state() == state).count();
  }

  /** Adds loops without which the process is of no use. */
  void addVital(Supplier<List<BackgroundLoop.Status>> loops) {
    vital.add(loops);
  }

  /** Adds loops without which the process still does the rest of its work. */
  void add(Supplier<List<BackgroundLoop.Status>> loops) {
    others.add(loops);
  }

  /** All of them, as they are now. */
  List<BackgroundLoop.Status> all() {
    List<BackgroundLoop.Status> all = new ArrayList<>();
    vital.forEach(loops -> all.addAll(loops.get()));
    others.forEach(loops -> all.addAll(loops.get()));
    return all;
  }

  /** Why the process is of no use any more; empty if it is. */
  Optional<StarfireException> failure() {
    return vital.stream()
        .flatMap(loops -> loops.get().stream())
        .filter(loop -> !loop.isAlive())
        .findFirst()
        .map(
            loop ->
                new StarfireException(
                    ErrorCode.INTERNAL,
                    "the server cannot go on, because its thread %s ended: %s; start it again"
                        .formatted(loop.name(), loop.problem().orElse(""))));
  }
}
