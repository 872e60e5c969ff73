package io.starfire.api;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.RecordParts.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The components of an event while steps are made ready for it. Not thread-safe. */
final class Components {
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final List<Class<?>> types = new ArrayList<>();

  Components(List<Part> parts) {
    parts.forEach(part -> add(part.name(), part.type()));
  }

  int size() {
    return types.size();
  }

  /** The place of a component that must be of a type. */
  int require(String step, String name, Class<?> type) {
    Integer place = places.get(name);
    if (place == null) {
      throw invalid("%s: there is no component '%s'; there are %s", step, name, places.keySet());
    }
    if (!type.isAssignableFrom(types.get(place))) {
      throw invalid(
          "%s: component '%s' is a %s, and must be a %s",
          step, name, types.get(place).getSimpleName(), type.getSimpleName());
    }
    return place;
  }

  /** The place of a component that can hold a value. */
  int requireFor(String step, String name, Object value) {
    int place = require(step, name, Object.class);
    if (!types.get(place).isInstance(value)) {
      throw invalid(
          "%s: component '%s' is a %s, and cannot hold a %s",
          step, name, types.get(place).getSimpleName(), value.getClass().getSimpleName());
    }
    return place;
  }

  void rename(String step, String from, String to) {
    int place = require(step, from, Object.class);
    if (places.containsKey(to)) {
      throw invalid("%s: there is a component '%s' already", step, to);
    }
    places.remove(from);
    places.put(to, place);
  }

  /** A place for a component that is new, or that replaces one of its name. */
  int add(String name, Class<?> type) {
    types.add(type);
    places.put(name, types.size() - 1);
    return types.size() - 1;
  }

  /** The places of the components of a record. */
  int[] of(List<Part> parts) {
    return parts.stream()
        .mapToInt(part -> require("the result", part.name(), part.type()))
        .toArray();
  }

  private static StarfireException invalid(String format, Object... arguments) {
    return new StarfireException(ErrorCode.INVALID_PIPELINE, format.formatted(arguments));
  }
}
