package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.event.RecordParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Small steps that clean the components of an event before it is stored. They are done in the order
 * in which they were added, and {@code explain} shows each of them. Begin with {@link
 * Enhance#steps()}. Immutable; each method returns a longer list of steps.
 *
 * <p>A step names components. A component that is not there, or that has another type than the step
 * needs, is INVALID_PIPELINE when the step is used.
 */
public final class Enhancement {
  static final Enhancement NONE = new Enhancement(List.of());

  private final List<EnhanceStep> steps;

  private Enhancement(List<EnhanceStep> steps) {
    this.steps = List.copyOf(steps);
  }

  /** Gives a component another name. */
  public Enhancement rename(String component, String name) {
    return with(new EnhanceStep.Rename(component, name));
  }

  /** Puts a value where a component is null. */
  public Enhancement defaultFor(String component, Object value) {
    return with(new EnhanceStep.Default(component, requireNonNull(value, "value")));
  }

  /** Makes a text null if it is empty or only white space. */
  public Enhancement blankToNull(String component) {
    return with(new EnhanceStep.Text("blank to null", component, Enhance::blankToNull));
  }

  /** Takes white space from the start and end of a text. */
  public Enhancement trim(String component) {
    return with(new EnhanceStep.Text("trim", component, Enhance::trim));
  }

  /** Makes all letters of a text small, by the rules of Unicode, in no language. */
  public Enhancement lowerCase(String component) {
    return with(new EnhanceStep.Text("lower case", component, Enhance::lowerCase));
  }

  /**
   * Drops events; they end as {@code FILTERED}.
   *
   * @param rule in a few words, for {@code explain}
   * @param type of the component; that of a primitive is its box
   * @param keep is given the component, which may be null
   */
  public <C> Enhancement keepIf(
      String rule, String component, Class<C> type, Predicate<? super @Nullable C> keep) {
    return with(new EnhanceStep.Keep(rule, component, type, value -> keep.test(type.cast(value))));
  }

  /**
   * Puts what a lookup has for one component into another, which is new or is replaced. It is null
   * if the key is null or has no row.
   *
   * @param component the key
   * @param value reads it from a row
   * @param name of the component that gets the value
   */
  public <K, V extends Record> Enhancement lookup(
      String component,
      Lookup<K, V> lookup,
      Class<K> keyType,
      Function<? super V, ? extends @Nullable String> value,
      String name) {
    @SuppressWarnings("unchecked") // the rows of a lookup are of its own type
    Function<Object, @Nullable String> reader = row -> value.apply((V) row);
    return with(new EnhanceStep.LookUp(component, lookup.name(), keyType, reader, name));
  }

  /** Each step in a few words, for {@code explain}. */
  public List<String> describe() {
    return steps.stream().map(EnhanceStep::describe).toList();
  }

  /** The lookups that the steps use, by their names. */
  public List<String> lookups() {
    List<String> names = new ArrayList<>();
    for (EnhanceStep step : steps) {
      if (step instanceof EnhanceStep.LookUp lookUp) {
        names.add(lookUp.lookup());
      }
    }
    return names;
  }

  /**
   * Makes the steps ready for events of one type.
   *
   * @throws io.starfire.common.StarfireException with INVALID_PIPELINE if a step does not fit
   */
  public Bound bind(Class<? extends Record> from, Class<? extends Record> to) {
    RecordParts source = RecordParts.of(from);
    Components components = new Components(source.parts());
    List<Operation> operations = new ArrayList<>();
    for (EnhanceStep step : steps) {
      step.bind(components).ifPresent(operations::add);
    }
    RecordParts target = RecordParts.of(to);
    return new Bound(source, operations, components.size(), target, components.of(target.parts()));
  }

  private Enhancement with(EnhanceStep step) {
    List<EnhanceStep> longer = new ArrayList<>(steps);
    longer.add(step);
    return new Enhancement(longer);
  }

  /** Finds rows of lookups. */
  @FunctionalInterface
  public interface Rows {
    /** The row of a lookup for a key; empty if there is none. */
    Optional<?> find(String lookup, Object key);
  }

  /** A step that knows where its components are. */
  @FunctionalInterface
  interface Operation {
    /** Changes the components of an event; false drops it. */
    boolean apply(@Nullable Object[] values, Rows rows);
  }

  /** Steps that are ready for events of one type. Immutable and thread-safe. */
  public static final class Bound {
    private final RecordParts source;
    private final Operation[] operations;
    private final int size;
    private final RecordParts target;
    private final int[] places;

    private Bound(
        RecordParts source,
        List<Operation> operations,
        int size,
        RecordParts target,
        int[] places) {
      this.source = source;
      this.operations = operations.toArray(Operation[]::new);
      this.size = size;
      this.target = target;
      this.places = places;
    }

    /** The changed event; null if a step drops it. */
    public @Nullable Object apply(Object event, Rows rows) {
      @Nullable Object[] values = new @Nullable Object[size];
      source.apart(event, values);
      for (Operation operation : operations) {
        if (!operation.apply(values, rows)) {
          return null;
        }
      }
      @Nullable Object[] parts = new @Nullable Object[places.length];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = values[places[i]];
      }
      return target.together(parts);
    }
  }
}
