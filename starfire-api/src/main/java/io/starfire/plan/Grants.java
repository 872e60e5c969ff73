package io.starfire.plan;

import io.starfire.api.Window;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.plan.PlanNode.JoinNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The window that a driver grants to each join. It is at most what the pipeline asks for, and at
 * least what the pipeline accepts. Immutable.
 *
 * @param windows by the name of the join
 */
public record Grants(Map<String, Window> windows) {
  public Grants {
    windows = Map.copyOf(windows);
  }

  /** The grants of the batch driver: each join has the window that the pipeline asks for. */
  public static Grants asked(Plan plan) {
    Map<String, Window> windows = new TreeMap<>();
    plan.joins().forEach(join -> windows.put(join.name(), join.window()));
    return new Grants(windows);
  }

  /**
   * The grants of the stream driver: each side of a window is cut to a limit.
   *
   * @param limit for joins that {@code limitsByJoin} does not name; inclusive
   * @param limitsByJoin limits of single joins, by their names
   * @throws StarfireException with INVALID_INPUT if a limit is below the floor of its join, or
   *     names a join that is not in the plan
   */
  public static Grants limited(Plan plan, Duration limit, Map<String, Duration> limitsByJoin) {
    Map<String, Window> windows = new TreeMap<>();
    for (JoinNode join : plan.joins()) {
      Duration own = limitsByJoin.getOrDefault(join.name(), limit);
      Window granted = join.window().limitedTo(own);
      if (!join.window().accepts(granted)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "join '%s' of %s accepts a window of at least %s and the driver grants %s; raise starfire.stream.grants.%s, or lower the floor in the pipeline"
                .formatted(join.name(), plan.shortName(), join.window().floor(), own, join.name()));
      }
      windows.put(join.name(), granted);
    }
    for (String name : limitsByJoin.keySet()) {
      if (!windows.containsKey(name)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "starfire.stream.grants.%s names no join of %s; it has %s"
                .formatted(name, plan.shortName(), windows.keySet()));
      }
    }
    return new Grants(windows);
  }

  public Window window(JoinNode join) {
    Window window = windows.get(join.name());
    if (window == null) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "no window was granted to join '%s'".formatted(join.name()));
    }
    return window;
  }

  /**
   * The windows by the name of the join, as {@code before/after} in ISO-8601 durations. Segments
   * store this in their metadata.
   */
  public Map<String, String> describe() {
    Map<String, String> text = new TreeMap<>();
    windows.forEach((name, window) -> text.put(name, window.before() + "/" + window.after()));
    return text;
  }
}
