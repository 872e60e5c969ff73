package io.starfire.config;

import com.typesafe.config.ConfigOrigin;

/** Says where a value was written. */
final class Origins {
  private Origins() {}

  static String describe(ConfigOrigin origin) {
    String place = origin.filename() != null ? origin.filename() : origin.resource();
    if (place == null) {
      return origin.lineNumber() > 0 ? "line " + origin.lineNumber() : origin.description();
    }
    return origin.lineNumber() > 0 ? place + ", line " + origin.lineNumber() : place;
  }
}
