package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.event.EventType;
import io.starfire.event.FieldType;
import io.starfire.event.RecordParts;
import io.starfire.event.Row;
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

  /** Takes components away. */
  public Enhancement drop(String... components) {
    Enhancement dropped = this;
    for (String component : components) {
      dropped = dropped.with(new EnhanceStep.Drop(component));
    }
    return dropped;
  }

  /**
   * Turns a component into another type, by the rules by which the bytes of a source are read: for
   * example, a text of digits into a long. Null stays null. A value that cannot be turned stops the
   * pipeline, with a message that names component and value.
   */
  public Enhancement cast(String component, FieldType type) {
    return with(new EnhanceStep.Cast(component, requireNonNull(type, "type"), false));
  }

  /** The same as {@link #cast}, but a value that cannot be turned becomes null. */
  public Enhancement castOrNull(String component, FieldType type) {
    return with(new EnhanceStep.Cast(component, requireNonNull(type, "type"), true));
  }

  /**
   * Adds a component, or replaces one, by a function of what the steps before have made.
   *
   * @param value a pure function; it must not give null unless the type is optional
   */
  public Enhancement with(String name, FieldType type, Function<? super Row, ?> value) {
    return with(
        new EnhanceStep.With(name, requireNonNull(type, "type"), requireNonNull(value, "value")));
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
  public <K, V> Enhancement lookup(
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
  public Bound bind(EventType<?> from, EventType<?> to) {
    return bind(from, components -> components.of(to, RecordParts.of(to).parts()));
  }

  /**
   * Makes the steps ready for events of one type, and gives the result as rows of the components
   * that are left.
   *
   * @param name of the schema of the rows
   * @throws io.starfire.common.StarfireException with INVALID_PIPELINE if a step does not fit
   */
  public Bound bindToRows(EventType<?> from, String name) {
    return bind(from, components -> components.row(name));
  }

  private Bound bind(EventType<?> from, Function<Components, Selection> result) {
    RecordParts source = RecordParts.of(from);
    Components components = new Components(source.parts());
    List<Operation> operations = new ArrayList<>();
    for (EnhanceStep step : steps) {
      step.bind(components).ifPresent(operations::add);
    }
    return new Bound(source, operations, components.size(), result.apply(components));
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
    private final Selection result;

    private Bound(RecordParts source, List<Operation> operations, int size, Selection result) {
      this.source = source;
      this.operations = operations.toArray(Operation[]::new);
      this.size = size;
      this.result = result;
    }

    /** The type of the changed events. */
    public EventType<?> type() {
      return result.type();
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
      return result.make(values);
    }
  }
}
