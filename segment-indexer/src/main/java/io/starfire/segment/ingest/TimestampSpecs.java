package io.starfire.segment.ingest;

import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.segment.ingest.TimestampSpec.Format;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code timestampSpec}. Stateless. */
final class TimestampSpecs {
  private TimestampSpecs() {}

  static TimestampSpec read(SpecObject spec) {
    String column = spec.text("column").orElse("timestamp");
    String name = spec.text("format").orElse("auto");
    Format format =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "auto" -> Format.AUTO;
          case "iso" -> Format.ISO;
          case "posix" -> Format.POSIX;
          case "millis" -> Format.MILLIS;
          case "micro" -> Format.MICRO;
          case "nano" -> Format.NANO;
          case "ruby" ->
              throw SpecObject.unsupported(
                  "%s 'ruby' is not supported; use iso, posix, millis, micro, nano or a pattern"
                      .formatted(spec.pathOf("format")));
          default -> Format.PATTERN;
        };
    Optional<TimePattern> pattern = Optional.empty();
    if (format == Format.PATTERN) {
      pattern = Optional.of(pattern(spec, name));
    }
    OptionalLong missing = OptionalLong.empty();
    Optional<String> missingText = spec.text("missingValue");
    if (missingText.isPresent()) {
      missing = OptionalLong.of(missing(spec, missingText.get()));
    }
    spec.refuseOthers();
    if (column.isEmpty()) {
      throw SpecObject.invalid("%s must not be empty".formatted(spec.pathOf("column")));
    }
    return new TimestampSpec(column, format, pattern, missing);
  }

  private static TimePattern pattern(SpecObject spec, String text) {
    try {
      return TimePattern.of(text);
    } catch (StarfireException e) {
      throw SpecObject.invalid(
          "%s must be auto, iso, posix, millis, micro, nano or a pattern: %s"
              .formatted(spec.pathOf("format"), e.getMessage()));
    }
  }

  private static long missing(SpecObject spec, String text) {
    try {
      return Times.parse(text);
    } catch (StarfireException e) {
      throw SpecObject.invalid("%s: %s".formatted(spec.pathOf("missingValue"), e.getMessage()));
    }
  }
}
