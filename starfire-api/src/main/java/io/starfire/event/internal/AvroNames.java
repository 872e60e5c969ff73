package io.starfire.event.internal;

import org.apache.avro.Schema;

/**
 * Names of columns as Avro names. Avro allows letters, digits and _; any other character, a leading
 * digit, and a _ that stands before x, become {@code _x} and four hexadecimal digits, so that
 * different names stay different.
 */
public final class AvroNames {
  /** The property of a field that holds its name, if that is no name in Avro. */
  private static final String DECLARED = "starfire.name";

  private AvroNames() {}

  /** Makes a field remember the name that it has outside of Avro. */
  static void declare(Schema.Field field, String name) {
    if (!field.name().equals(name)) {
      field.addProp(DECLARED, name);
    }
  }

  /** The name of a field as its author wrote it. */
  public static String declared(Schema.Field field) {
    String name = field.getProp(DECLARED);
    return name == null ? field.name() : name;
  }

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
