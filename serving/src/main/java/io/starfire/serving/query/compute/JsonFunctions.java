package io.starfire.serving.query.compute;

import io.starfire.segment.json.JsonPath;
import io.starfire.segment.json.JsonReads;
import io.starfire.segment.json.JsonTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The functions of nested values. Stateless. */
final class JsonFunctions {
  private JsonFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define(
            "json_value",
            "json, path[, type]",
            "The text, number or truth value at the path, as STRING or as the type, such as 'LONG'"
                + " or 'ARRAY<DOUBLE>'. Null if there is none, or an object, or an array and no"
                + " array is asked for.",
            JsonFunctions::value),
        define(
            "json_query",
            "json, path",
            "What is at the path, as JSON; null if there is nothing.",
            JsonFunctions::query),
        define(
            "json_keys",
            "json, path",
            "The names of the fields of the object at the path, or the indexes of the array there;"
                + " null if there is neither.",
            JsonFunctions::keys),
        define(
            "json_paths",
            "json",
            "The paths of all texts, numbers, truth values and nulls in it.",
            JsonFunctions::paths),
        define(
            "to_json_string",
            "value",
            "The value as JSON text; a text is put in quotes.",
            JsonFunctions::text),
        define(
            "parse_json",
            "text",
            "The JSON that the text holds; null if it holds none.",
            JsonFunctions::parse),
        define("try_parse_json", "text", "The same as `parse_json`.", JsonFunctions::parse),
        define(
            "json_object",
            "[name, value...]",
            "An object of names and values.",
            JsonFunctions::object));
  }

  private static FunctionDefinition define(
      String name, String parameters, String meaning, Function<Call, Node> binding) {
    return new FunctionDefinition(
        FunctionDefinition.Group.JSON, name, parameters, meaning, binding);
  }

  private static Node json(Call call, int argument) {
    return Casts.to(ValueType.JSON, call.at(argument));
  }

  private static JsonPath path(Call call, int argument) {
    return JsonPath.parse(call.requiredText(argument), true);
  }

  private static Node value(Call call) {
    Node json = json(call, 0);
    JsonPath path = path(call, 1);
    ValueType type = call.has(2) ? type(call, call.requiredText(2)) : ValueType.STRING;
    if (type.isArray()) {
      return call.objects(type, i -> values(type, json.text(i), path), json);
    }
    return call.objects(
        type,
        i -> {
          JsonReads.Found found = JsonReads.find(json.text(i), path);
          return found == null || !found.kind().isScalar()
              ? null
              : Casts.value(type, scalar(found));
        },
        json);
  }

  private static ValueType type(Call call, String name) {
    ValueType type = ValueType.named(name);
    if (type == null || type == ValueType.JSON) {
      throw call.fault(
          2, "a value has the type LONG, DOUBLE, STRING, or an array of them, not " + name);
    }
    return type;
  }

  private static @Nullable Object values(ValueType type, String json, JsonPath path) {
    List<JsonReads.@Nullable Found> found = JsonReads.findAll(json, path);
    if (found == null) {
      return null;
    }
    return found.stream()
        .map(one -> one == null ? null : Casts.value(type.element(), scalar(one)))
        .toArray();
  }

  /** Truth values are 1 and 0 where numbers are wanted. */
  private static Object scalar(JsonReads.Found found) {
    return found.text();
  }

  private static Node query(Call call) {
    Node json = json(call, 0);
    JsonPath path = path(call, 1);
    return call.objects(
        ValueType.JSON,
        i -> {
          JsonReads.Found found = JsonReads.find(json.text(i), path);
          return found == null || found.kind() == JsonReads.Kind.NULL ? null : found.json();
        },
        json);
  }

  private static Node keys(Call call) {
    Node json = json(call, 0);
    JsonPath path = path(call, 1);
    return call.objects(
        ValueType.STRING_ARRAY,
        i -> {
          List<String> keys = JsonReads.keys(json.text(i), path);
          return keys == null ? null : keys.toArray();
        },
        json);
  }

  private static Node paths(Call call) {
    Node json = json(call, 0);
    return call.objects(
        ValueType.STRING_ARRAY,
        i -> {
          List<Object> paths = new ArrayList<>();
          JsonReads.leaves(json.text(i), true, (path, value) -> paths.add(path.toString()));
          return paths.toArray();
        },
        json);
  }

  private static Node text(Call call) {
    Node json = json(call, 0);
    return call.texts(json::text, json);
  }

  private static Node parse(Call call) {
    Node given = call.at(0);
    if (given.type == ValueType.JSON) {
      return given;
    }
    Node text = Casts.to(ValueType.STRING, given);
    return call.objects(ValueType.JSON, i -> JsonTexts.normal(text.text(i)), text);
  }

  private static Node object(Call call) {
    if (call.size() % 2 != 0) {
      throw call.fault(
          "an object has a value for each name, got %d arguments".formatted(call.size()));
    }
    Node[] parts = new Node[call.size()];
    for (int p = 0; p < parts.length; p++) {
      parts[p] = p % 2 == 0 ? call.textAt(p) : json(call, p);
    }
    return call.overNulls(
        ValueType.JSON,
        i -> {
          Map<String, String> fields = new LinkedHashMap<>();
          for (int p = 0; p < parts.length; p += 2) {
            if (!parts[p].nulls[i]) {
              fields.put(parts[p].text(i), parts[p + 1].nulls[i] ? "null" : parts[p + 1].text(i));
            }
          }
          StringBuilder out = new StringBuilder();
          JsonTexts.writeObject(out, fields);
          return out.toString();
        },
        parts);
  }
}
