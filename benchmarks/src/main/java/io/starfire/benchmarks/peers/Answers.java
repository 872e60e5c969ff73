package io.starfire.benchmarks.peers;

import java.util.List;
import java.util.Locale;

/** Compares answers. Stateless. */
final class Answers {
  /** Sums of doubles depend on their order in the last digits. */
  private static final double RELATIVE = 1e-9;

  private Answers() {}

  /** What is different, in a sentence, or an empty text. */
  static String difference(List<List<Object>> left, List<List<Object>> right) {
    if (left.size() != right.size()) {
      return "%,d rows and %,d".formatted(left.size(), right.size());
    }
    int different = 0;
    String first = "";
    for (int row = 0; row < left.size(); row++) {
      if (!equal(left.get(row), right.get(row))) {
        first = different++ == 0 ? "%s and %s".formatted(left.get(row), right.get(row)) : first;
      }
    }
    return different == 0
        ? ""
        : String.format(
            Locale.ROOT, "%,d of %,d rows, the first %s", different, left.size(), first);
  }

  private static boolean equal(List<Object> left, List<Object> right) {
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(Object left, Object right) {
    if (left instanceof Double a && right instanceof Double b) {
      return Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));
    }
    return left.equals(right);
  }
}
