package io.starfire.event.internal;

/**
 * Names of columns as Avro names. Avro allows letters, digits and _; any other character, a leading
 * digit, and a _ that stands before x, become {@code _x} and four hexadecimal digits, so that
 * different names stay different.
 */
public final class AvroNames {
  private AvroNames() {}

  public static String escape(String name) {
    StringBuilder escaped = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9';
      boolean startsEscape = c == '_' && i + 1 < name.length() && name.charAt(i + 1) == 'x';
      if (letter || (digit && i > 0) || (c == '_' && !startsEscape)) {
        escaped.append(c);
      } else {
        escaped.append("_x%04x".formatted((int) c));
      }
    }
    return escaped.toString();
  }
}
