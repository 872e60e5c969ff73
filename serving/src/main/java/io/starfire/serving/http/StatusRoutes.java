package io.starfire.serving.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code /status}, {@code /status/health} and {@code /metrics}. The status lists the background
 * loops and the data sources that are read. The health is {@code true}, as Druid's is, or the error
 * SERVICE_UNAVAILABLE that names the loops that have ended and the data sources that stand still.
 */
public final class StatusRoutes implements Routes {
  private final String version;
  private final PrometheusMeterRegistry metrics;
  private final Supplier<List<BackgroundLoop.Status>> loops;
  private final ReadingHealth reading;

  /**
   * @param version of Starfire
   * @param loops of the process, as they are when it is called
   * @param reading of the data sources
   */
  public StatusRoutes(
      String version,
      PrometheusMeterRegistry metrics,
      Supplier<List<BackgroundLoop.Status>> loops,
      ReadingHealth reading) {
    this.version = version;
    this.metrics = metrics;
    this.loops = loops;
    this.reading = reading;
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.get("/status", Access.READ, context -> JsonBodies.answer(context, 200, status()));
    routes.get(
        "/status/selfDiscovered/status",
        Access.OPEN,
        context -> JsonBodies.answer(context, 200, Map.of("selfDiscovered", true)));
    routes.get(
        "/status/health",
        Access.OPEN,
        context -> {
          requireHealthy();
          JsonBodies.answer(context, 200, true);
        });
    routes.get(
        "/metrics",
        Access.READ,
        context ->
            context
                .contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(metrics.scrape()));
  }

  private Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", version);
    status.put("modules", List.of());
    status.put("memory", memory());
    status.put("loops", loops.get().stream().map(StatusRoutes::json).toList());
    status.put("dataSources", reading.json());
    return status;
  }

  private static Map<String, Object> memory() {
    Runtime runtime = Runtime.getRuntime();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    Map<String, Object> memory = new LinkedHashMap<>();
    memory.put("maxMemory", runtime.maxMemory());
    memory.put("totalMemory", runtime.totalMemory());
    memory.put("freeMemory", runtime.freeMemory());
    memory.put("usedMemory", runtime.totalMemory() - runtime.freeMemory());
    memory.put("directMemory", direct);
    return memory;
  }

  private static Map<String, Object> json(BackgroundLoop.Status loop) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", loop.name());
    json.put("state", loop.state().name());
    json.put("failures", loop.failures());
    json.put("problem", loop.problem().orElse(null));
    json.put("inStepMillis", loop.inStep().toMillis());
    return json;
  }

  private void requireHealthy() {
    List<String> problems = new ArrayList<>();
    List<String> ended =
        loops.get().stream()
            .filter(loop -> !loop.isAlive())
            .map(loop -> "%s (%s)".formatted(loop.name(), loop.problem().orElse("")))
            .toList();
    if (!ended.isEmpty()) {
      problems.add(
          "threads of this server ended by an error: %s; start it again"
              .formatted(String.join(", ", ended)));
    }
    problems.addAll(reading.problems());
    if (!problems.isEmpty()) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, String.join("; ", problems));
    }
  }
}
