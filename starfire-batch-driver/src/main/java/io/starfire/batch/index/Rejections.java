package io.starfire.batch.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts the rows that were not indexed, and keeps the first reasons of each kind. One thread. */
final class Rejections {
  /** Reasons kept for each kind. */
  static final int KEPT = 5;

  private static final int MAX_REASON_CHARACTERS = 300;

  /** Why a row was not indexed. */
  enum Kind {
    /** It is no row of the format. */
    UNDECODABLE,
    /** It has no time, or one that cannot be read, is out of range or too far in the future. */
    BAD_TIME,
    /** Its time is outside the intervals of the spec, or in one that is not over. */
    OUTSIDE_INTERVALS;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * A row that was not indexed.
   *
   * @param file that it is in
   * @param line from 1
   * @param reason in a sentence
   */
  record Rejection(String file, long line, String reason) {
    /** As editors and compilers write places. */
    String toText() {
      return "%s:%d: %s".formatted(file, line, reason);
    }
  }

  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final Map<Kind, List<Rejection>> first = new EnumMap<>(Kind.class);

  void add(Kind kind, Path file, long line, String reason) {
    counts.merge(kind, 1L, Long::sum);
    List<Rejection> kept = first.computeIfAbsent(kind, unused -> new ArrayList<>());
    if (kept.size() < KEPT) {
      kept.add(new Rejection(file.toString(), line, shortened(reason)));
    }
  }

  Map<Kind, Long> counts() {
    return counts;
  }

  /** The first reasons, in the order of the files. */
  Map<Kind, List<Rejection>> first() {
    return first;
  }

  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Records that are no rows. */
  long unreadable() {
    return counts.getOrDefault(Kind.UNDECODABLE, 0L) + counts.getOrDefault(Kind.BAD_TIME, 0L);
  }

  private static String shortened(String reason) {
    String line = reason.replaceAll("\\s*\\R\\s*", " ");
    return line.length() <= MAX_REASON_CHARACTERS
        ? line
        : line.substring(0, MAX_REASON_CHARACTERS) + "…";
  }
}
