package io.starfire.serving.http;

import static java.util.Objects.requireNonNull;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;

/** {@code GET /starfire/v1/process}: how the process of this server is. Thread-safe. */
public final class ProcessRoutes implements Routes {
  private final String version;

  /**
   * @param version of Starfire
   */
  public ProcessRoutes(String version) {
    this.version = requireNonNull(version, "version");
  }

  /**
   * The process at one moment.
   *
   * @param version of Starfire
   * @param javaVersion that it runs on
   * @param processors that it may use
   * @param startedAtMillis since the epoch
   * @param upMillis how long it runs
   * @param heapUsedBytes what is garbage already too
   * @param heapMaxBytes above which memory is out
   * @param threads that are alive
   */
  private record ProcessStatus(
      String version,
      String javaVersion,
      int processors,
      long startedAtMillis,
      long upMillis,
      long heapUsedBytes,
      long heapMaxBytes,
      int threads) {}

  @Override
  public void addTo(RouteTable routes) {
    routes.get(
        "/starfire/v1/process", Access.READ, context -> JsonBodies.answer(context, 200, now()));
  }

  private ProcessStatus now() {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new ProcessStatus(
        version,
        runtime.getSpecVersion(),
        Runtime.getRuntime().availableProcessors(),
        runtime.getStartTime(),
        runtime.getUptime(),
        heap.getUsed(),
        heap.getMax(),
        ManagementFactory.getThreadMXBean().getThreadCount());
  }
}
