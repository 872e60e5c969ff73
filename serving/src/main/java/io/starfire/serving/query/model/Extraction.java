package io.starfire.serving.query.model;

import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An extraction function: makes a text of a value, or null. Immutable. */
public sealed interface Extraction {
  /**
   * What a group of a regular expression finds.
   *
   * @param replaces whether a value in which nothing is found is replaced; else it stays
   * @param replacement that it is replaced with
   */
  record Regex(String pattern, int group, boolean replaces, @Nullable String replacement)
      implements Extraction {
    public Regex {
      Pattern compiled = TextPatterns.regex("extraction function", pattern);
      int groups = compiled.matcher("").groupCount();
      if (group < 0 || group > groups) {
        throw QueryChecks.invalid(
            "an extraction function asks for group %d of the pattern '%s', which has %d; for the"
                + " whole match use index 0",
            group, pattern, groups);
      }
    }
  }

  /** The value if a regular expression is found in it; else null. */
  record Partial(String pattern) implements Extraction {
    public Partial {
      Pattern unused = TextPatterns.regex("extraction function", pattern);
    }
  }

  /** The value if a search finds it; else null. */
  record Searched(SearchMatch match) implements Extraction {}

  /**
   * A part of the value; null if the value ends before it.
   *
   * @param length null means to the end
   */
  record Substring(int index, @Nullable Integer length) implements Extraction {
    public Substring {
      if (index < 0 || (length != null && length < 1)) {
        throw QueryChecks.invalid(
            "a substring needs an index at or above 0 and a length above 0, got %d and %s",
            index, length);
      }
    }
  }

  /** The number of UTF-16 units. */
  record Strlen() implements Extraction {}

  /** In upper or lower case. */
  record Letters(boolean upper, Locale locale) implements Extraction {}

  /**
   * A time as text.
   *
   * @param pattern in the letters of Joda-Time; null means ISO-8601
   * @param granularity to whose bucket the time is cut first; null means none
   * @param asMillis whether a number takes the place of ISO-8601
   */
  record TimeFormat(
      @Nullable String pattern,
      ZoneId zone,
      Locale locale,
      @Nullable QueryGranularity granularity,
      boolean asMillis)
      implements Extraction {}

  /** A time in one pattern as one in another, in UTC. What does not fit the first stays. */
  record TimeParse(String from, String to) implements Extraction {}

  /**
   * The value of a map.
   *
   * @param retainsMissing whether a value that the map does not have stays
   * @param replacement of a value that the map does not have, otherwise
   */
  record Lookup(Map<String, String> values, boolean retainsMissing, @Nullable String replacement)
      implements Extraction {
    public Lookup {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      if (retainsMissing && replacement != null) {
        throw QueryChecks.invalid(
            "a lookup has both retainMissingValue and replaceMissingValueWith '%s'; use one",
            replacement);
      }
    }
  }

  /**
   * The value of a lookup that the coordinator knows.
   *
   * @param lookup its name
   * @param retainsMissing whether a value that the lookup does not have stays
   * @param replacement of a value that the lookup does not have, otherwise
   */
  record Registered(String lookup, boolean retainsMissing, @Nullable String replacement)
      implements Extraction {
    public Registered {
      if (retainsMissing && replacement != null) {
        throw QueryChecks.invalid(
            "the lookup '%s' has both retainMissingValue and replaceMissingValueWith '%s'; use one",
            lookup, replacement);
      }
    }
  }

  /** One after the other. */
  record Cascade(List<Extraction> steps) implements Extraction {
    public Cascade {
      steps = List.copyOf(steps);
    }
  }

  /**
   * As Java's String.format with one argument.
   *
   * @param ofNull what stands for null; null means that null stays
   */
  record StringFormat(String pattern, @Nullable String ofNull) implements Extraction {}

  /** The start of the bucket of numbers that holds the value; null if it is no number. */
  record Bucket(double size, double offset) implements Extraction {
    public Bucket {
      if (!(size > 0) || Double.isInfinite(size) || !Double.isFinite(offset)) {
        throw QueryChecks.invalid(
            "a bucket needs a size above 0 and an offset, got %s and %s", size, offset);
      }
    }
  }

  /** The value as text. */
  record Identity() implements Extraction {}
}
