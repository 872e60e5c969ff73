package io.starfire.benchmarks.process;

import java.lang.management.ManagementFactory;

/** What a reader must know of the machine to make use of the figures. */
public final class Machine {
  private Machine() {}

  public static String describe(String heap) {
    return "machine: %d cores, JDK %s, heap %s for each system; %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            heap,
            load());
  }

  /** The load of the last minute; the benchmark itself makes about as much as it has cores. */
  public static String load() {
    return "load %.1f"
        .formatted(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
