package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A lookup that queries may name. Immutable.
 *
 * @param name by which queries name it
 * @param version which an update of it must be above, in the order of text; null is the lowest
 * @param map the value of each key
 * @param injective whether different keys have different values, as its owner says
 */
public record RegisteredLookup(
    String name, String version, Map<String, String> map, boolean injective) {
  private static final int MAX_NAME = 256;

  public RegisteredLookup {
    if (name == null || name.isBlank() || name.length() > MAX_NAME) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a lookup must have a name of 1 to %d characters, got '%s'".formatted(MAX_NAME, name));
    }
    if (version != null && version.length() > MAX_NAME) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the version of lookup '%s' has more than %d characters".formatted(name, MAX_NAME));
    }
    map = Collections.unmodifiableMap(new TreeMap<>(requireNonNull(map, "map")));
    if (map.containsValue(null)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a key of lookup '%s' has no value; leave the key out".formatted(name));
    }
  }

  /** Whether this one may take the place of another. */
  public boolean follows(RegisteredLookup other) {
    return other.version == null
        ? version != null
        : version != null && version.compareTo(other.version) > 0;
  }
}
