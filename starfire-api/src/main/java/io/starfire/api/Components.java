package io.starfire.api;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.EventType;
import io.starfire.event.FieldType;
import io.starfire.event.RecordParts.Part;
import io.starfire.event.RowForm;
import io.starfire.event.RowSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The components of an event while steps are made ready for it. Not thread-safe. */
final class Components {
  /** A value in the array of an event. */
  private record Component(String name, int place, Class<?> type, RowForm inRow) {}

  private final List<Component> components = new ArrayList<>();
  private int size;

  Components(List<Part> parts) {
    parts.forEach(
        part -> components.add(new Component(part.name(), size++, part.type(), part.inRow())));
  }

  /** The length of the array of values. */
  int size() {
    return size;
  }

  private Component find(String step, String name) {
    return components.get(indexOf(step, name));
  }

  private int indexOf(String step, String name) {
    for (int i = 0; i < components.size(); i++) {
      if (components.get(i).name().equals(name)) {
        return i;
      }
    }
    throw invalid(
        "%s: there is no component '%s'; there are %s",
        step, name, components.stream().map(Component::name).toList());
  }

  private boolean has(String name) {
    return components.stream().anyMatch(component -> component.name().equals(name));
  }

  /** The place of a component that must be of a type. */
  int require(String step, String name, Class<?> type) {
    Component component = find(step, name);
    if (!type.isAssignableFrom(component.type())) {
      throw invalid(
          "%s: component '%s' is a %s, and must be a %s",
          step, name, component.type().getSimpleName(), type.getSimpleName());
    }
    return component.place();
  }

  /** The place of a component that can hold a value; from here on it has one. */
  int requireFor(String step, String name, Object value) {
    Component component = find(step, name);
    if (!component.type().isInstance(value)) {
      throw invalid(
          "%s: component '%s' is a %s, and cannot hold a %s",
          step, name, component.type().getSimpleName(), value.getClass().getSimpleName());
    }
    if (component.type().equals(component.inRow().type().javaType())) {
      components.set(
          indexOf(step, name),
          new Component(name, component.place(), component.type(), component.inRow().required()));
    }
    return component.place();
  }

  void rename(String step, String from, String to) {
    Component component = find(step, from);
    if (has(to)) {
      throw invalid("%s: there is a component '%s' already", step, to);
    }
    components.set(
        indexOf(step, from),
        new Component(to, component.place(), component.type(), component.inRow()));
  }

  void drop(String step, String name) {
    components.remove(indexOf(step, name));
  }

  /** A place for a component that is new, or that replaces one of its name. */
  int add(String name, FieldType type) {
    Component added = new Component(name, size++, type.javaType(), RowForm.of(type));
    for (int i = 0; i < components.size(); i++) {
      if (components.get(i).name().equals(name)) {
        components.set(i, added);
        return added.place();
      }
    }
    components.add(added);
    return added.place();
  }

  /** What a component is in a row. */
  RowForm inRow(String step, String name) {
    return find(step, name).inRow();
  }

  /** The components as they are now, as a row. */
  Selection row(String name) {
    List<RowSchema.Field> fields = new ArrayList<>();
    int[] places = new int[components.size()];
    List<UnaryOperator<@Nullable Object>> forms = new ArrayList<>();
    for (Component component : components) {
      places[fields.size()] = component.place();
      fields.add(new RowSchema.Field(component.name(), component.inRow().type()));
      forms.add(component.inRow()::convert);
    }
    return new Selection(new RowSchema(name, fields), places, forms);
  }

  /** The places of the components of a result, whose type may keep one as a row does. */
  Selection of(EventType<?> result, List<Part> parts) {
    int[] places = new int[parts.size()];
    List<UnaryOperator<@Nullable Object>> forms = new ArrayList<>();
    for (Part part : parts) {
      Component component = find("the result", part.name());
      FieldType inRow = component.inRow().type();
      boolean asIs = part.type().isAssignableFrom(component.type());
      boolean items = part.inRow().type().required().equals(inRow.required());
      if (!items || !(asIs || part.type() == inRow.javaType())) {
        throw invalid(
            "the result: component '%s' is a %s, and must be a %s",
            part.name(),
            asIs ? inRow : component.type().getSimpleName(),
            asIs ? part.inRow().type() : part.type().getSimpleName());
      }
      places[forms.size()] = component.place();
      forms.add(asIs ? UnaryOperator.identity() : component.inRow()::convert);
    }
    return new Selection(result, places, forms);
  }

  private static StarfireException invalid(String format, Object... arguments) {
    return new StarfireException(ErrorCode.INVALID_PIPELINE, format.formatted(arguments));
  }
}
