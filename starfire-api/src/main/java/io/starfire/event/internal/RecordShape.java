package io.starfire.event.internal;

import io.starfire.decoding.DecodingFailure;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * A type of events taken apart: its components with their types and accessors, and how its values
 * are made. A Java record has one ({@link Shapes}), and so has a schema of rows. All that reads and
 * writes events is derived from it. Immutable and thread-safe; compared by identity.
 */
public final class RecordShape {
  private final String name;
  private final String avroNamespace;
  private final String avroName;
  private final List<Component> components;
  private final Instances instances;

  /**
   * @param name of the type, for messages
   * @param avroNamespace of the Avro schema
   * @param avroName the name of the Avro schema
   */
  public RecordShape(
      String name,
      String avroNamespace,
      String avroName,
      List<Component> components,
      Instances instances) {
    this.name = name;
    this.avroNamespace = avroNamespace;
    this.avroName = avroName;
    this.components = List.copyOf(components);
    this.instances = instances;
  }

  public String name() {
    return name;
  }

  String avroNamespace() {
    return avroNamespace;
  }

  /** The name of its Avro schema, without the namespace. */
  public String avroName() {
    return avroName;
  }

  public List<Component> components() {
    return components;
  }

  /**
   * A new value; {@code values} in order of the components, boxed. The array is not used again.
   *
   * @throws DecodingFailure if the type refuses the values
   */
  public Object newInstance(Object[] values) {
    return instances.make(values);
  }

  /** Checks that a value is of this type, unless its accessors find that out. */
  public void check(Object value) {
    instances.check(value);
  }

  /** Makes the values of a type. */
  @FunctionalInterface
  public interface Instances {
    /**
     * A new value of its parts.
     *
     * @throws DecodingFailure if the type refuses them
     */
    Object make(Object[] values);

    /** Refuses a value of another type that the accessors would take. */
    default void check(Object value) {}
  }

  /** Whether a value must be there. */
  public enum Presence {
    /** A value that is missing or null is refused. */
    REQUIRED,
    /** It may be null; files with columns must have a column for it. */
    NULLABLE,
    /** It may be null, and the column may be missing. */
    OPTIONAL
  }

  /**
   * A component.
   *
   * @param name as declared
   * @param avroName its name in the Avro schema
   * @param type as derived
   * @param presence whether it may be null or missing
   * @param javaType the class of its values; a primitive is its box
   * @param accessor from (Object) to the primitive, or to Object
   */
  public record Component(
      String name,
      String avroName,
      ValueType type,
      Presence presence,
      Class<?> javaType,
      MethodHandle accessor) {
    public boolean isNullable() {
      return presence != Presence.REQUIRED;
    }
  }
}
