package io.starfire.serving.http;

import io.javalin.config.RoutesConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;

/** {@code /status}, {@code /status/health} and {@code /metrics}. */
public final class StatusRoutes implements Routes {
  private final String version;
  private final PrometheusMeterRegistry metrics;

  /**
   * @param version of Starfire
   */
  public StatusRoutes(String version, PrometheusMeterRegistry metrics) {
    this.version = version;
    this.metrics = metrics;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.get(
        "/status",
        context ->
            JsonBodies.answer(context, 200, Map.of("version", version, "modules", List.of())));
    routes.get("/status/health", context -> JsonBodies.answer(context, 200, true));
    routes.get(
        "/metrics",
        context ->
            context
                .contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(metrics.scrape()));
  }
}
