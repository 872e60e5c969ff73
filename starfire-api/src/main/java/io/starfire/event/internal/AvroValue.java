package io.starfire.event.internal;

import io.starfire.decoding.DecodingFailure;
import org.apache.avro.Schema;

/** Writes and reads non-null values of one type as Avro binary. Immutable and thread-safe. */
public abstract class AvroValue {
  private final Schema schema;

  AvroValue(Schema schema) {
    this.schema = schema;
  }

  public final Schema schema() {
    return schema;
  }

  public abstract void write(ByteSink out, Object value);

  /**
   * Reads one value.
   *
   * @throws DecodingFailure if the bytes are not one
   */
  public abstract Object read(ByteSource in);

  /**
   * Whether reading what is written of a value gives the same value. It may say no where that is
   * laborious to find out.
   */
  public abstract boolean isCanonical(Object value);

  final boolean isCanonicalNullable(Object value) {
    return isNull(value) ? value == nullValue() : isCanonical(value);
  }

  /** What null is read as; an empty Optional for an Optional. */
  Object nullValue() {
    return null;
  }

  /** Whether {@code value} is written as Avro's null. */
  boolean isNull(Object value) {
    return value == null;
  }

  /** Branch 0 for null, else branch 1 and the value. */
  final void writeNullable(ByteSink out, Object value) {
    if (isNull(value)) {
      out.writeByte(0);
    } else {
      out.writeByte(2); // The zig-zag form of 1.
      write(out, value);
    }
  }

  final Object readNullable(ByteSource in) {
    return in.readBranch(2) == 0 ? nullValue() : read(in);
  }

  final Schema nullableSchema() {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
  }
}
