package io.starfire.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.regex.Pattern;

/** The rule for operator names. They become parts of the names of topics, stores and metrics. */
final class OperatorNames {
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  private OperatorNames() {}

  static void check(String kind, String name) {
    if (name == null || !PATTERN.matcher(name).matches()) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "%s name '%s' must be 1 to 64 letters, digits, _ or -, and start with a letter"
              .formatted(kind, name));
    }
  }
}
