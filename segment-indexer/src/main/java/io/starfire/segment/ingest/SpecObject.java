package io.starfire.segment.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.Quoted;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One object of a spec, with its path. Each field is asked for by name; what nobody asked for is
 * refused by {@link #refuseOthers}. A field that is null counts as missing. Not thread-safe.
 */
final class SpecObject {
  private final String path;
  private final ObjectNode node;
  private final List<String> warnings;
  private final TreeSet<String> known = new TreeSet<>();

  /** Fields that are read, and that a message does not advise: they are refused or do nothing. */
  private final Set<String> unlisted = new HashSet<>();

  SpecObject(String path, ObjectNode node, List<String> warnings) {
    this.path = path;
    this.node = node;
    this.warnings = warnings;
  }

  String path() {
    return path;
  }

  String pathOf(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  boolean has(String field) {
    known.add(field);
    return node.hasNonNull(field);
  }

  private JsonNode get(String field) {
    known.add(field);
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  Optional<SpecObject> object(String field) {
    JsonNode value = get(field);
    return value == null ? Optional.empty() : Optional.of(asObject(pathOf(field), value));
  }

  SpecObject requiredObject(String field) {
    return object(field).orElseThrow(() -> missing(field, "a JSON object"));
  }

  private SpecObject asObject(String at, JsonNode value) {
    if (value instanceof ObjectNode child) {
      return new SpecObject(at, child, warnings);
    }
    throw wrong(at, value, "a JSON object");
  }

  Optional<String> text(String field) {
    JsonNode value = get(field);
    if (value != null && !value.isTextual()) {
      throw wrong(pathOf(field), value, "text");
    }
    return value == null ? Optional.empty() : Optional.of(value.textValue());
  }

  String requiredText(String field) {
    String value = text(field).orElseThrow(() -> missing(field, "text"));
    if (value.isBlank()) {
      throw invalid("%s must not be blank".formatted(pathOf(field)));
    }
    return value;
  }

  boolean bool(String field, boolean absent) {
    JsonNode value = get(field);
    if (value == null) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw wrong(pathOf(field), value, "true or false");
    }
    return value.booleanValue();
  }

  /** A whole number between the bounds, both inclusive. */
  OptionalInt integer(String field, int min, int max) {
    JsonNode value = get(field);
    if (value == null) {
      return OptionalInt.empty();
    }
    String expected = "a whole number from %d to %d".formatted(min, max);
    if (!value.isIntegralNumber()) {
      throw wrong(pathOf(field), value, expected);
    }
    BigInteger number = value.bigIntegerValue();
    if (number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      throw wrong(pathOf(field), value, expected);
    }
    return OptionalInt.of(number.intValueExact());
  }

  /** The elements of an array; empty if the field is missing. */
  List<JsonNode> array(String field) {
    JsonNode value = get(field);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(pathOf(field), value, "an array");
    }
    List<JsonNode> elements = new ArrayList<>();
    value.forEach(elements::add);
    return elements;
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(field)) {
      if (!element.isTextual()) {
        throw wrong(pathOf(field) + "[" + texts.size() + "]", element, "text");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** An element of {@link #array} as an object. */
  SpecObject element(String field, int index, JsonNode element) {
    return asObject(pathOf(field) + "[" + index + "]", element);
  }

  /** All fields with text, number or boolean values, as text. */
  Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      known.add(field.getKey());
      if (!field.getValue().isValueNode() || field.getValue().isNull()) {
        throw wrong(pathOf(field.getKey()), field.getValue(), "text or a number");
      }
      properties.put(field.getKey(), field.getValue().asText());
    }
    return properties;
  }

  JsonNode raw(String field) {
    return get(field);
  }

  /** Accepts fields that change no result here, and says so. */
  void ignore(String reason, String... fields) {
    List<String> present = new ArrayList<>();
    for (String field : fields) {
      unlisted.add(field);
      if (get(field) != null) {
        present.add(pathOf(field));
      }
    }
    if (!present.isEmpty()) {
      warn("ignored %s: %s".formatted(String.join(", ", present), reason));
    }
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  /** Refuses a field that would change what the rows mean, unless it says nothing. */
  void unsupported(String field, String reason) {
    unlisted.add(field);
    JsonNode value = get(field);
    boolean empty = value == null || (value.isContainerNode() && value.isEmpty());
    if (!empty) {
      throw unsupported(
          "%s is not supported: %s, got %s".formatted(pathOf(field), reason, shown(value)));
    }
  }

  /** Refuses what nobody asked for. */
  void refuseOthers() {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        TreeSet<String> listed = new TreeSet<>(known);
        listed.removeAll(unlisted);
        throw invalid(
            "%s is not known; %s may have %s"
                .formatted(pathOf(name), path.isEmpty() ? "the spec" : path, listed));
      }
    }
  }

  StarfireException missing(String field, String expected) {
    return invalid("%s is missing; it must be %s".formatted(pathOf(field), expected));
  }

  StarfireException wrong(String at, JsonNode value, String expected) {
    return invalid("%s must be %s, got %s".formatted(at, expected, shown(value)));
  }

  StarfireException notOneOf(String field, String value, Collection<String> allowed) {
    return invalid(
        "%s must be one of %s, got %s".formatted(pathOf(field), allowed, Quoted.of(value)));
  }

  static StarfireException invalid(String message) {
    return new StarfireException(ErrorCode.INVALID_INPUT, message);
  }

  static StarfireException unsupported(String message) {
    return new StarfireException(ErrorCode.UNSUPPORTED, message);
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
