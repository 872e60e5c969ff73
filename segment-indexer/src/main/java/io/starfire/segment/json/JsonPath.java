package io.starfire.segment.json;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON value, such as {@code $.user.tags[0]} or {@code $['a b']}. Two that mean the
 * same place are equal. Immutable.
 */
public final class JsonPath {
  /** The whole value. */
  public static final JsonPath ROOT = new JsonPath(List.of());

  private static final int MAX_PARTS = 100;

  /** No name of a column that anybody types has it. */
  private static final char SEPARATOR = '\0';

  /** A name that needs no quotes after a point. */
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_$@-]+");

  private final List<Part> parts;
  private final String text;

  /** A step of a path. */
  public sealed interface Part {}

  /** To a field of an object. */
  public record Field(String name) implements Part {}

  /**
   * To an element of an array.
   *
   * @param index 0 for the first
   */
  public record Element(int index) implements Part {}

  public JsonPath(List<Part> parts) {
    this.parts = List.copyOf(parts);
    StringBuilder written = new StringBuilder("$");
    for (Part part : parts) {
      write(written, part);
    }
    this.text = written.toString();
  }

  private static void write(StringBuilder out, Part part) {
    if (part instanceof Element element) {
      out.append('[').append(element.index).append(']');
      return;
    }
    String name = ((Field) part).name;
    if (PLAIN.matcher(name).matches()) {
      out.append('.').append(name);
    } else {
      out.append("['").append(name.replace("\\", "\\\\").replace("'", "\\'")).append("']");
    }
  }

  /**
   * Reads a path.
   *
   * @param root whether it begins with {@code $}; else it is of the form {@code .user.tags[0]}
   * @throws StarfireException with INVALID_INPUT if it is malformed
   */
  public static JsonPath parse(String text, boolean root) {
    if (root && !text.startsWith("$")) {
      throw malformed(text, 0, "it begins with $, which is the whole value");
    }
    List<Part> parts = new ArrayList<>();
    int at = root ? 1 : 0;
    if (text.equals(".")) {
      // The whole value, in the other form; and Druid reads "$." so.
      return ROOT;
    }
    if (root && text.equals("$.")) {
      return ROOT;
    }
    while (at < text.length()) {
      if (parts.size() == MAX_PARTS) {
        throw malformed(text, at, "it has more than " + MAX_PARTS + " steps");
      }
      if (text.charAt(at) == '.') {
        boolean bracket = at + 1 < text.length() && text.charAt(at + 1) == '[';
        at = bracket ? at + 1 : field(text, at + 1, parts);
      } else if (text.charAt(at) == '[') {
        at = bracket(text, at + 1, parts);
      } else {
        throw malformed(text, at, "a . or a [ is expected");
      }
    }
    return new JsonPath(parts);
  }

  private static int field(String text, int from, List<Part> parts) {
    if (from < text.length() && text.charAt(from) == '"') {
      return quoted(text, from, parts);
    }
    int end = from;
    while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
      end++;
    }
    if (end == from) {
      throw malformed(text, from, "a name is expected");
    }
    parts.add(new Field(text.substring(from, end)));
    return end;
  }

  /** After the opening one. */
  private static int bracket(String text, int from, List<Part> parts) {
    int end = from;
    if (from < text.length() && (text.charAt(from) == '\'' || text.charAt(from) == '"')) {
      end = quoted(text, from, parts);
    } else {
      while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      if (end == from || end - from > 9) {
        throw malformed(text, from, "a number or a name in quotes is expected");
      }
      parts.add(new Element(Integer.parseInt(text.substring(from, end))));
    }
    if (end >= text.length() || text.charAt(end) != ']') {
      throw malformed(text, end, "a ] is expected");
    }
    return end + 1;
  }

  /** Returns what follows the closing quote. */
  private static int quoted(String text, int from, List<Part> parts) {
    char quote = text.charAt(from);
    StringBuilder name = new StringBuilder();
    int at = from + 1;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' && at + 1 < text.length() ? 1 : 0;
      name.append(text.charAt(at++));
    }
    if (at >= text.length()) {
      throw malformed(text, from, "the quote is not closed");
    }
    parts.add(new Field(name.toString()));
    return at + 1;
  }

  private static StarfireException malformed(String text, int at, String what) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "the JSON path '%s' is malformed at character %d: %s; write it like $.user.tags[0] or $['a b']"
            .formatted(text, at + 1, what));
  }

  /**
   * The name under which a segment has a column of what is here.
   *
   * @param column of the nested values
   */
  public String columnName(String column) {
    return column + SEPARATOR + text;
  }

  /** Whether a name is one of {@link #columnName}. */
  public static boolean isColumnName(String name) {
    return name.indexOf(SEPARATOR) >= 0;
  }

  public List<Part> parts() {
    return parts;
  }

  /** The path of a field of the object that is here. */
  public JsonPath field(String name) {
    return with(new Field(name));
  }

  /** The path of an element of the array that is here. */
  public JsonPath element(int index) {
    return with(new Element(index));
  }

  private JsonPath with(Part part) {
    List<Part> longer = new ArrayList<>(parts);
    longer.add(part);
    return new JsonPath(longer);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonPath path && parts.equals(path.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /** The path as it is written, beginning with {@code $}. */
  @Override
  public String toString() {
    return text;
  }
}
