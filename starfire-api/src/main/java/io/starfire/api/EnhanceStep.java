package io.starfire.api;

import io.starfire.api.Enhancement.Operation;
import io.starfire.common.StarfireException;
import io.starfire.event.FieldCast;
import io.starfire.event.FieldType;
import io.starfire.event.Row;
import io.starfire.event.RowForm;
import io.starfire.event.RowSchema;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One step of an {@link Enhancement}. Immutable. */
sealed interface EnhanceStep {
  /** The name of the rows that a step is given. */
  String ROW = "event";

  String describe();

  /** Finds the components; empty if nothing is left to do for each event. */
  Optional<Operation> bind(Components components);

  /** Another name for a component. */
  record Rename(String component, String name) implements EnhanceStep {
    @Override
    public String describe() {
      return "rename " + component + " to " + name;
    }

    @Override
    public Optional<Operation> bind(Components components) {
      components.rename(describe(), component, name);
      return Optional.empty();
    }
  }

  /** Takes a component away. */
  record Drop(String component) implements EnhanceStep {
    @Override
    public String describe() {
      return "drop " + component;
    }

    @Override
    public Optional<Operation> bind(Components components) {
      components.drop(describe(), component);
      return Optional.empty();
    }
  }

  /** The same component as another type. */
  record Cast(String component, FieldType type, boolean orNull) implements EnhanceStep {
    @Override
    public String describe() {
      return "cast " + component + " to " + type + (orNull ? " or null" : "");
    }

    @Override
    public Optional<Operation> bind(Components components) {
      int from = components.require(describe(), component, Object.class);
      RowForm before = components.inRow(describe(), component);
      boolean optional = orNull || type.isOptional() || before.type().isOptional();
      FieldCast cast = new FieldCast(type);
      int place = components.add(component, optional ? type.optional() : type.required());
      return Optional.of(
          (values, rows) -> {
            try {
              values[place] = cast.apply(before.convert(values[from]));
            } catch (StarfireException e) {
              if (!orNull) {
                throw new StarfireException(
                    e.code(), "%s: %s".formatted(describe(), e.getMessage()), e);
              }
              values[place] = null;
            }
            return true;
          });
    }
  }

  /** A component that is computed. */
  record With(String name, FieldType type, Function<? super Row, ?> value) implements EnhanceStep {
    @Override
    public String describe() {
      return "with " + name + " as " + type;
    }

    @Override
    public Optional<Operation> bind(Components components) {
      Selection row = components.row(ROW);
      RowSchema.Field made = new RowSchema.Field(name, type);
      int place = components.add(name, type);
      return Optional.of(
          (values, rows) -> {
            try {
              values[place] = made.checked(value.apply((Row) row.make(values)));
            } catch (StarfireException e) {
              throw new StarfireException(
                  e.code(), "%s: %s".formatted(describe(), e.getMessage()), e);
            }
            return true;
          });
    }
  }

  /** A value instead of null. */
  record Default(String component, Object value) implements EnhanceStep {
    @Override
    public String describe() {
      return "default " + value + " for " + component;
    }

    @Override
    public Optional<Operation> bind(Components components) {
      int place = components.requireFor(describe(), component, value);
      return Optional.of(
          (values, rows) -> {
            if (values[place] == null) {
              values[place] = value;
            }
            return true;
          });
    }
  }

  /** A change of a text, which may be null. */
  record Text(String what, String component, UnaryOperator<@Nullable String> change)
      implements EnhanceStep {
    @Override
    public String describe() {
      return what + " " + component;
    }

    @Override
    public Optional<Operation> bind(Components components) {
      int place = components.require(describe(), component, String.class);
      return Optional.of(
          (values, rows) -> {
            values[place] = change.apply((String) values[place]);
            return true;
          });
    }
  }

  /** Drops events. */
  record Keep(String rule, String component, Class<?> type, Predicate<@Nullable Object> keep)
      implements EnhanceStep {
    @Override
    public String describe() {
      return "keep if " + component + " " + rule;
    }

    @Override
    public Optional<Operation> bind(Components components) {
      int place = components.require(describe(), component, type);
      return Optional.of((values, rows) -> keep.test(values[place]));
    }
  }

  /** A value of a row of a lookup. */
  record LookUp(
      String component,
      String lookup,
      Class<?> keyType,
      Function<Object, @Nullable String> value,
      String name)
      implements EnhanceStep {
    @Override
    public String describe() {
      return "look up " + name + " by " + component + " in " + lookup;
    }

    @Override
    public Optional<Operation> bind(Components components) {
      int key = components.require(describe(), component, keyType);
      int place = components.add(name, FieldType.STRING.optional());
      return Optional.of(
          (values, rows) -> {
            Object found = values[key];
            Optional<?> row = found == null ? Optional.empty() : rows.find(lookup, found);
            values[place] = row.isPresent() ? value.apply(row.get()) : null;
            return true;
          });
    }
  }
}
