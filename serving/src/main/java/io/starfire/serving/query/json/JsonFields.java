package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Spelling;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, taken out one by one with checks; what is left over at the end was
 * not known. Messages name the path. A field that is null counts as absent. Not thread-safe.
 */
final class JsonFields {
  /** Characters at the start and at the end of a path that a message shows of a longer one. */
  private static final int PATH_START = 80;

  private static final int PATH_END = 100;

  private final JsonNode node;
  private final String path;
  private final int depth;
  private final Set<String> taken = new LinkedHashSet<>();

  /** Of the taken, those that are known only to be refused, and those that change nothing. */
  private final Set<String> unlisted = new HashSet<>();

  /**
   * @param path where the object is, such as {@code filter.fields[0]}; empty for the whole query
   */
  JsonFields(@Nullable JsonNode node, String path) {
    this(node, path, 0);
  }

  /**
   * @param depth of how many data sources it stands inside
   */
  JsonFields(@Nullable JsonNode node, String path, int depth) {
    if (node == null || !node.isObject()) {
      throw QueryChecks.invalid(
          "%s must be a JSON object, got %s", path.isEmpty() ? "a query" : path, describe(node));
    }
    this.node = node;
    this.path = path;
    this.depth = depth;
  }

  int depth() {
    return depth;
  }

  /** The whole object as text. */
  String json() {
    return node.toString();
  }

  /** The path of a field. A client may nest deeply, so the middle of a long path is left out. */
  String pathOf(String name) {
    String full = path.isEmpty() ? name : path + "." + name;
    return full.length() <= PATH_START + PATH_END
        ? full
        : full.substring(0, PATH_START) + "..." + full.substring(full.length() - PATH_END);
  }

  /** The field, or null if it is absent or null. */
  @Nullable JsonNode optional(String name) {
    taken.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  JsonNode required(String name) {
    JsonNode value = optional(name);
    if (value == null) {
      throw QueryChecks.invalid("%s is missing", pathOf(name));
    }
    return value;
  }

  boolean has(String name) {
    return node.has(name);
  }

  String text(String name) {
    return text(required(name), pathOf(name));
  }

  static String text(JsonNode value, String path) {
    if (!value.isTextual()) {
      throw QueryChecks.invalid("%s must be a string, got %s", path, describe(value));
    }
    return value.textValue();
  }

  /** A value to compare with: a string, number or boolean as text, or null. */
  static @Nullable String scalar(@Nullable JsonNode value, String path) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isContainerNode()) {
      throw QueryChecks.invalid(
          "%s must be a string, a number or null, got %s", path, describe(value));
    }
    return value.asText();
  }

  @Nullable String optionalScalar(String name) {
    return scalar(optional(name), pathOf(name));
  }

  boolean flag(String name) {
    JsonNode value = optional(name);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean() && !value.asText().equals("true") && !value.asText().equals("false")) {
      throw QueryChecks.invalid("%s must be true or false, got %s", pathOf(name), describe(value));
    }
    return value.asBoolean();
  }

  /**
   * A whole number.
   *
   * @param absent what it is if the field is absent
   */
  long whole(String name, Bounds ends, long absent) {
    JsonNode value = optional(name);
    if (value == null) {
      return absent;
    }
    // 1e9 is a whole number too, although JSON readers take it for a double.
    if (!value.isNumber() || value.doubleValue() != Math.rint(value.doubleValue())) {
      throw QueryChecks.invalid("%s must be a whole number, got %s", pathOf(name), describe(value));
    }
    if (!value.canConvertToLong() || value.longValue() < ends.min || value.longValue() > ends.max) {
      throw QueryChecks.invalid(
          "%s must be from %d to %d, got %s", pathOf(name), ends.min, ends.max, describe(value));
    }
    return value.longValue();
  }

  /**
   * A number.
   *
   * @param absent what it is if the field is absent
   */
  double decimal(String name, double absent) {
    JsonNode value = optional(name);
    if (value == null) {
      return absent;
    }
    if (!value.isNumber()) {
      throw QueryChecks.invalid("%s must be a number, got %s", pathOf(name), describe(value));
    }
    return value.doubleValue();
  }

  /** Both ends inclusive. */
  record Bounds(long min, long max) {}

  /** The elements, or an empty list if the field is absent. */
  List<JsonNode> list(String name) {
    JsonNode value = optional(name);
    List<JsonNode> elements = new ArrayList<>();
    if (value != null) {
      if (!value.isArray()) {
        throw QueryChecks.invalid("%s must be a list, got %s", pathOf(name), describe(value));
      }
      value.forEach(elements::add);
    }
    return elements;
  }

  /** Refuses a field of Druid's that is given and not empty. */
  void refuse(String... names) {
    for (String name : names) {
      JsonNode value = optional(name);
      unlisted.add(name);
      if (value != null && !(value.isContainerNode() && value.isEmpty())) {
        throw QueryChecks.unsupported(
            "%s is not supported in this version; leave it out", pathOf(name));
      }
    }
  }

  /** Takes fields that have no effect on the answer. */
  void ignore(String... names) {
    taken.addAll(List.of(names));
    unlisted.addAll(List.of(names));
  }

  void rejectUnknown(String what) {
    Set<String> listed = new LinkedHashSet<>(taken);
    listed.removeAll(unlisted);
    for (String name : (Iterable<String>) node::fieldNames) {
      if (!taken.contains(name)) {
        throw QueryChecks.invalid(
            "%s is not a field of %s; its fields are %s%s",
            pathOf(name), what, String.join(", ", listed), suggestion(name, listed));
      }
    }
  }

  /** A question that names what a client may have meant; empty if nothing is near. */
  static String suggestion(String name, Collection<String> known) {
    // A client's name may be of any length; what it is compared with is short.
    String brief = name.length() <= PATH_START ? name : name.substring(0, PATH_START);
    return Spelling.near(brief, known).map("; did you mean %s?"::formatted).orElse("");
  }

  static String describe(@Nullable JsonNode value) {
    if (value == null || value.isMissingNode()) {
      return "nothing";
    }
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
