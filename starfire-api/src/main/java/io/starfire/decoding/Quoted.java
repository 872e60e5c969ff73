package io.starfire.decoding;

/** Puts a user's value into a message: in quotes, and cut if it is long. Stateless. */
public final class Quoted {
  private static final int MAX_LENGTH = 80;

  private Quoted() {}

  public static String of(String value) {
    return value.length() <= MAX_LENGTH
        ? "'" + value + "'"
        : "'" + value.substring(0, MAX_LENGTH) + "...' (" + value.length() + " characters)";
  }

  static String shortened(String value) {
    return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "...";
  }
}
