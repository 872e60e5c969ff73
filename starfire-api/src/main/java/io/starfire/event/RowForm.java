package io.starfire.event;

import io.starfire.event.RowSchema.Field;
import io.starfire.event.internal.RecordShape;
import io.starfire.event.internal.RecordShape.Component;
import io.starfire.event.internal.ValueType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a component of an event is kept in a row: enums as their names, Optionals as values that may
 * be null, records as rows, and all else as it is. Immutable and thread-safe.
 */
public final class RowForm {
  private final FieldType type;
  private final UnaryOperator<Object> conversion;

  private RowForm(FieldType type, UnaryOperator<Object> conversion) {
    this.type = type;
    this.conversion = conversion;
  }

  /** A field that is a row's already. */
  public static RowForm of(FieldType type) {
    return new RowForm(type, UnaryOperator.identity());
  }

  /** That of a component of a Java record. */
  static RowForm ofRecord(Component component) {
    RowForm form = of(component.type());
    return component.isNullable() ? new RowForm(form.type.optional(), form.conversion) : form;
  }

  private static RowForm of(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return of(FieldType.of(scalar.kind()));
    } else if (type instanceof ValueType.EnumValue) {
      return new RowForm(FieldType.STRING, value -> ((Enum<?>) value).name());
    } else if (type instanceof ValueType.OptionalValue optional) {
      RowForm inner = of(optional.inner());
      return new RowForm(
          inner.type.optional(), value -> inner.convert(((Optional<?>) value).orElse(null)));
    } else if (type instanceof ValueType.ListValue list) {
      RowForm items = of(list.element());
      return new RowForm(FieldType.list(items.type), value -> items.convertAll((List<?>) value));
    } else if (type instanceof ValueType.MapValue map) {
      RowForm items = of(map.value());
      return new RowForm(FieldType.map(items.type), value -> items.convertAll((Map<?, ?>) value));
    }
    return ofShape(((ValueType.RecordValue) type).shape());
  }

  private static RowForm ofShape(RecordShape shape) {
    List<Field> fields = new ArrayList<>();
    List<RowForm> forms = new ArrayList<>();
    List<MethodHandle> readers = new ArrayList<>();
    for (Component component : shape.components()) {
      RowForm form = ofRecord(component);
      forms.add(form);
      fields.add(new Field(component.name(), form.type));
      readers.add(component.accessor().asType(MethodType.methodType(Object.class, Object.class)));
    }
    RowSchema schema = new RowSchema(shape.name(), fields);
    return new RowForm(
        FieldType.row(schema),
        value -> {
          Row.Builder row = schema.row();
          for (int i = 0; i < forms.size(); i++) {
            row.set(
                fields.get(i).name(), forms.get(i).convert(Accessors.read(readers.get(i), value)));
          }
          return row.build();
        });
  }

  public FieldType type() {
    return type;
  }

  /** The same values in a field that must have one. */
  public RowForm required() {
    return new RowForm(type.required(), conversion);
  }

  /** The value of a row's field; null for null. */
  public Object convert(Object value) {
    return value == null ? null : conversion.apply(value);
  }

  private List<Object> convertAll(List<?> items) {
    List<Object> converted = new ArrayList<>(items.size());
    items.forEach(item -> converted.add(convert(item)));
    return converted;
  }

  private Map<Object, Object> convertAll(Map<?, ?> items) {
    Map<Object, Object> converted = new HashMap<>();
    items.forEach((key, item) -> converted.put(key, convert(item)));
    return converted;
  }
}
