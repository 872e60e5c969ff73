package io.starfire.serving.query.control;

import io.starfire.common.Spelling;
import io.starfire.serving.query.model.QueryChecks;
import java.util.Map;

/**
 * The lookups that a query may name, as they were when it began. Immutable.
 *
 * @param number of this state of the lookups: another one may give other answers
 * @param maps the value of each key, by the name of the lookup
 */
public record Lookups(long number, Map<String, Map<String, String>> maps) {
  /** No lookups. */
  public static final Lookups NONE = new Lookups(0, Map.of());

  /** Characters of a name that are compared with those that there are. */
  private static final int MAX_COMPARED = 80;

  public Lookups {
    maps = Map.copyOf(maps);
  }

  /**
   * The map of a lookup.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if there is none
   */
  public Map<String, String> named(String name) {
    Map<String, String> map = maps.get(name);
    if (map != null) {
      return map;
    }
    if (maps.isEmpty()) {
      throw QueryChecks.invalid(
          "there is no lookup '%s'; register it at /druid/coordinator/v1/lookups/config", name);
    }
    String brief = name.substring(0, Math.min(MAX_COMPARED, name.length()));
    throw QueryChecks.invalid(
        "there is no lookup '%s'; did you mean %s?", name, Spelling.nearest(brief, maps.keySet()));
  }
}
