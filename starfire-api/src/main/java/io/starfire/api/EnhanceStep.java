package io.starfire.api;

import io.starfire.api.Enhancement.Operation;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One step of an {@link Enhancement}. Immutable. */
sealed interface EnhanceStep {
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
      int place = components.add(name, String.class);
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
