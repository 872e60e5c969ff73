package io.starfire.segment.ingest;

/** Values of the user's in messages: in quotes, and cut where they are long. Stateless. */
final class Quoted {
  private static final int MAX_LENGTH = 80;

  private Quoted() {}

  static String of(String value) {
    return value.length() <= MAX_LENGTH
        ? "'" + value + "'"
        : "'" + value.substring(0, MAX_LENGTH) + "...' (" + value.length() + " characters)";
  }
}
