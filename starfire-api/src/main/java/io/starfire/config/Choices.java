package io.starfire.config;

import java.util.Locale;

/** Names of enum constants as they are written in a configuration: lower case, with -. */
final class Choices {
  private Choices() {}

  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> E parse(Class<E> type, String text) {
    return Enum.valueOf(type, text.trim().toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
