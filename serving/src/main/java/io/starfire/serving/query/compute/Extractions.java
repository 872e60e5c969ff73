package io.starfire.serving.query.compute;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.Extraction;
import io.starfire.serving.query.model.Numbers;
import io.starfire.serving.query.model.SearchMatch;
import io.starfire.serving.query.text.GuardedRegex;
import io.starfire.serving.query.text.Searches;
import io.starfire.serving.query.text.TextPredicate;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What extraction functions make of a value. Stateless. */
final class Extractions {
  private Extractions() {}

  /** Takes null, a Long, a Double or a String. */
  private interface Step {
    @Nullable String of(@Nullable Object value);
  }

  static Node bind(Extraction extraction, Node value, int capacity, QueryControl control) {
    Step step = step(extraction, control);
    return Computed.overNulls(ValueType.STRING, capacity, row -> step.of(value.value(row)), value);
  }

  private static Step step(Extraction extraction, QueryControl control) {
    if (extraction instanceof Extraction.Cascade cascade) {
      return cascade(cascade, control);
    }
    if (extraction instanceof Extraction.TimeFormat format) {
      return timeFormat(format);
    }
    if (extraction instanceof Extraction.Bucket bucket) {
      return value -> bucket(bucket, value);
    }
    Step ofText = ofText(extraction, control);
    return value -> ofText.of(value == null ? null : value.toString());
  }

  /** Those that see a number as its text. */
  private static Step ofText(Extraction extraction, QueryControl control) {
    if (extraction instanceof Extraction.Regex regex) {
      return regex(regex, control);
    }
    if (extraction instanceof Extraction.Partial partial) {
      return matching(GuardedRegex.of("extraction function", partial.pattern(), control));
    }
    if (extraction instanceof Extraction.Searched searched) {
      SearchMatch match = searched.match();
      return matching(Searches.of(match, "extraction function", control));
    }
    if (extraction instanceof Extraction.Substring substring) {
      return value -> value == null ? null : substring((String) value, substring);
    }
    if (extraction instanceof Extraction.Strlen) {
      return value -> value == null ? null : Integer.toString(((String) value).length());
    }
    if (extraction instanceof Extraction.Letters letters) {
      return value ->
          value == null
              ? null
              : letters.upper()
                  ? ((String) value).toUpperCase(letters.locale())
                  : ((String) value).toLowerCase(letters.locale());
    }
    if (extraction instanceof Extraction.Lookup lookup) {
      return value -> lookup(lookup, (String) value);
    }
    if (extraction instanceof Extraction.Registered registered) {
      return registered(registered, control.lookups().named(registered.lookup()));
    }
    if (extraction instanceof Extraction.TimeParse parse) {
      return timeParse(parse);
    }
    if (extraction instanceof Extraction.StringFormat format) {
      return value -> formatted(format, (String) value);
    }
    return value -> (String) value;
  }

  private static Step cascade(Extraction.Cascade cascade, QueryControl control) {
    List<Step> steps = new ArrayList<>();
    for (Extraction one : cascade.steps()) {
      steps.add(step(one, control));
    }
    return value -> {
      Object result = value;
      for (Step step : steps) {
        result = step.of(result);
      }
      return (String) result;
    };
  }

  private static Step regex(Extraction.Regex regex, QueryControl control) {
    GuardedRegex pattern = GuardedRegex.of("extraction function", regex.pattern(), control);
    return value -> {
      String text = value == null ? "" : (String) value;
      if (pattern.test(text)) {
        return pattern.extract(text, regex.group());
      }
      return regex.replaces() ? regex.replacement() : (String) value;
    };
  }

  private static Step matching(TextPredicate predicate) {
    return value -> value != null && predicate.test((String) value) ? (String) value : null;
  }

  private static @Nullable String substring(String text, Extraction.Substring part) {
    if (part.index() >= text.length()) {
      return null;
    }
    Integer length = part.length();
    return length == null || length >= text.length() - part.index()
        ? text.substring(part.index())
        : text.substring(part.index(), part.index() + length);
  }

  private static @Nullable String lookup(Extraction.Lookup lookup, @Nullable String key) {
    String found = key == null ? null : lookup.values().get(key);
    return found != null ? found : lookup.retainsMissing() ? key : lookup.replacement();
  }

  private static Step registered(Extraction.Registered lookup, Map<String, String> map) {
    return key -> {
      String found = key == null ? null : map.get((String) key);
      return found != null ? found : lookup.retainsMissing() ? (String) key : lookup.replacement();
    };
  }

  private static Step timeFormat(Extraction.TimeFormat format) {
    TimePattern pattern =
        format.pattern() == null
            ? null
            : new TimePattern(format.pattern(), format.zone(), format.locale());
    return value -> {
      Long millis = millis(value, format);
      if (millis == null) {
        return null;
      }
      long start = format.granularity() == null ? millis : format.granularity().bucketStart(millis);
      if (pattern != null) {
        return pattern.format(start);
      }
      return format.asMillis() ? Long.toString(start) : TimeFunctions.iso(start, format.zone());
    };
  }

  /** Of a number the number itself; of a text the time that it writes. */
  private static @Nullable Long millis(@Nullable Object value, Extraction.TimeFormat format) {
    if (!(value instanceof String text)) {
      return (Long) Casts.value(ValueType.LONG, value);
    }
    Long number = format.asMillis() ? (Long) Casts.value(ValueType.LONG, text) : null;
    return number != null ? number : Timestamps.parse(text, format.zone());
  }

  private static Step timeParse(Extraction.TimeParse parse) {
    TimePattern from = new TimePattern(parse.from(), ZoneOffset.UTC, Locale.ENGLISH);
    TimePattern to = new TimePattern(parse.to(), ZoneOffset.UTC, Locale.ENGLISH);
    return value -> {
      Long millis = value == null ? null : from.parse((String) value);
      return millis == null ? (String) value : to.format(millis);
    };
  }

  private static @Nullable String formatted(
      Extraction.StringFormat format, @Nullable String value) {
    String text = value == null ? format.ofNull() : value;
    if (text == null) {
      return null;
    }
    try (Formatter formatter = new Formatter(Locale.ROOT)) {
      return formatter.format(format.pattern(), text).toString();
    } catch (IllegalFormatException e) {
      return null;
    }
  }

  private static @Nullable String bucket(Extraction.Bucket bucket, @Nullable Object value) {
    BigDecimal number = value == null ? null : Numbers.decimal(value.toString());
    if (number == null) {
      return null;
    }
    double start =
        Math.floor((number.doubleValue() - bucket.offset()) / bucket.size()) * bucket.size()
            + bucket.offset();
    return start == (long) start ? Long.toString((long) start) : Double.toString(start);
  }
}
