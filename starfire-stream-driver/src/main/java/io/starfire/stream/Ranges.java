package io.starfire.stream;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Ranges of offsets in sentences. Stateless. */
final class Ranges {
  private Ranges() {}

  /** {@code [0, 207) of partition 0, [0, 318) of partition 1}: all offsets below those given. */
  static String upTo(Map<Integer, Long> ends) {
    return new TreeMap<>(ends)
        .entrySet().stream()
            .map(end -> "[0, %d) of partition %d".formatted(end.getValue(), end.getKey()))
            .collect(Collectors.joining(", "));
  }

  /** {@code [100, 207) of partition 0}. */
  static String between(Map<Integer, Long> starts, Map<Integer, Long> ends) {
    return new TreeMap<>(ends)
        .entrySet().stream()
            .map(
                end ->
                    "[%d, %d) of partition %d"
                        .formatted(
                            starts.getOrDefault(end.getKey(), 0L), end.getValue(), end.getKey()))
            .collect(Collectors.joining(", "));
  }
}
