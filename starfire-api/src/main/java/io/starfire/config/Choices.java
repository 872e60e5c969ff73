package io.starfire.config;

import java.util.Locale;

/** Names of enum constants as a configuration writes them: in lower case, with - instead of _. */
final class Choices {
  private Choices() {}

  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> E parse(Class<E> type, String text) {
    return Enum.valueOf(type, text.trim().toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
