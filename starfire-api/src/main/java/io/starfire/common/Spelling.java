package io.starfire.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody who misspelt it may have meant. Stateless. */
public final class Spelling {
  private Spelling() {}

  /**
   * The known name that differs in the fewest characters, in upper or lower case; of several the
   * first.
   *
   * @param known at least one
   */
  public static String nearest(String wanted, Collection<String> known) {
    String lower = wanted.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))))
        .orElseThrow();
  }

  /**
   * The same, if it differs in no more than a third of the characters: one who writes something
   * else meant something else.
   */
  public static Optional<String> near(String wanted, Collection<String> known) {
    if (known.isEmpty()) {
      return Optional.empty();
    }
    String nearest = nearest(wanted, known);
    int distance = distance(wanted.toLowerCase(Locale.ROOT), nearest.toLowerCase(Locale.ROOT));
    return 3 * distance <= wanted.length() + 1 ? Optional.of(nearest) : Optional.empty();
  }

  /** The number of characters to change, insert or remove to get the other (Levenshtein). */
  private static int distance(String left, String right) {
    int[] previous = new int[right.length() + 1];
    for (int j = 0; j < previous.length; j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] current = new int[previous.length];
      current[0] = i;
      for (int j = 1; j < current.length; j++) {
        int changed = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(changed, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[right.length()];
  }
}
