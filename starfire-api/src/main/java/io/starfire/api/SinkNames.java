package io.starfire.api;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rule for names of topics and files: that for data sources. Stateless. */
final class SinkNames {
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

  private SinkNames() {}

  static String check(String kind, @Nullable String name) {
    if (name == null || !PATTERN.matcher(name).matches()) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "%s name '%s' must be 1 to 128 letters, digits, _ or -, and start with a letter or digit"
              .formatted(kind, name));
    }
    return name;
  }
}
