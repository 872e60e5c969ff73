package io.starfire.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Small pure functions for the last stage of a pipeline, where values are cleaned before they are
 * stored. Stateless.
 */
public final class Enhance {
  private Enhance() {}

  /** The value, or {@code fallback} if it is null. */
  public static <T> T orDefault(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  /** The text without white space at its start and end; null stays null. */
  public static @Nullable String trim(@Nullable String text) {
    return text == null ? null : text.strip();
  }

  /** The text in small letters, by the rules of Unicode; null stays null. */
  public static @Nullable String lowerCase(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  /** No steps: the beginning of an {@link Enhancement} for {@link Stream#enhance}. */
  public static Enhancement steps() {
    return Enhancement.NONE;
  }

  /** Null if the text is null, empty or only white space; else the text, unchanged. */
  public static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  /** The trimmed text, or {@code fallback} if it is null, empty or only white space. */
  public static String textOr(@Nullable String text, String fallback) {
    return text == null || text.isBlank() ? fallback : text.strip();
  }
}
