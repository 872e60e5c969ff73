package io.starfire.decoding;

/** Values of the user's in messages: in quotes, and cut where they are long. Stateless. */
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
