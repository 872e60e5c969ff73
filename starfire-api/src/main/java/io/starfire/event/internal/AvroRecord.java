package io.starfire.event.internal;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.event.internal.RecordShape.Component;
import java.lang.invoke.MethodHandle;
import org.apache.avro.Schema;

/** The Avro form of a record or row: its components, one after the other. */
final class AvroRecord extends AvroValue {
  private final RecordShape shape;
  private final Field[] fields;

  AvroRecord(Schema schema, RecordShape shape, Field[] fields) {
    super(schema);
    this.shape = shape;
    this.fields = fields;
  }

  @Override
  public void write(ByteSink out, Object value) {
    shape.check(value);
    try {
      for (Field field : fields) {
        field.write(out, value);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor of " + shape.name() + " failed", e);
    }
  }

  @Override
  public Object read(ByteSource in) {
    Object[] values = new Object[fields.length];
    int index = 0;
    try {
      for (; index < fields.length; index++) {
        values[index] = fields[index].read(in);
      }
    } catch (DecodingFailure e) {
      throw e.inside(shape.components().get(index).name());
    }
    return shape.newInstance(values);
  }

  @Override
  public boolean isCanonical(Object value) {
    shape.check(value);
    try {
      for (Field field : fields) {
        if (!field.isCanonical(value)) {
          return false;
        }
      }
      return true;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor of " + shape.name() + " failed", e);
    }
  }

  /** A component; primitives are written without boxing. */
  abstract static class Field {
    final MethodHandle accessor;
    final AvroValue form;

    Field(MethodHandle accessor, AvroValue form) {
      this.accessor = accessor;
      this.form = form;
    }

    abstract void write(ByteSink out, Object holder) throws Throwable;

    /** True for primitives that have one form only. */
    boolean isCanonical(Object holder) throws Throwable {
      return true;
    }

    Object read(ByteSource in) {
      return form.read(in);
    }

    Schema schema() {
      return form.schema();
    }

    static Field of(Component component, AvroValue form) {
      MethodHandle accessor = component.accessor();
      if (component.isNullable()) {
        return new NullableField(accessor, form);
      }
      if (!accessor.type().returnType().isPrimitive()) {
        return new RequiredField(component.name(), accessor, form);
      }
      return switch (((ValueType.Scalar) component.type()).kind()) {
        case BOOLEAN -> new BooleanField(accessor, form);
        case INT -> new IntField(accessor, form);
        case LONG -> new LongField(accessor, form);
        case FLOAT -> new FloatField(accessor, form);
        case DOUBLE -> new DoubleField(accessor, form);
        case STRING, INSTANT, DECIMAL -> throw new AssertionError(component.name());
      };
    }
  }

  private static final class NullableField extends Field {
    NullableField(MethodHandle accessor, AvroValue form) {
      super(accessor, form);
    }

    @Override
    void write(ByteSink out, Object holder) throws Throwable {
      form.writeNullable(out, (Object) accessor.invokeExact(holder));
    }

    @Override
    boolean isCanonical(Object holder) throws Throwable {
      return form.isCanonicalNullable((Object) accessor.invokeExact(holder));
    }

    @Override
    Object read(ByteSource in) {
      return form.readNullable(in);
    }

    @Override
    Schema schema() {
      return form.nullableSchema();
    }
  }

  /** A value that is never null, and no primitive. */
  private static final class RequiredField extends Field {
    private final String name;

    RequiredField(String name, MethodHandle accessor, AvroValue form) {
      super(accessor, form);
      this.name = name;
    }

    @Override
    void write(ByteSink out, Object holder) throws Throwable {
      Object value = (Object) accessor.invokeExact(holder);
      if (value == null) {
        throw new StarfireException(
            ErrorCode.INVALID_PIPELINE,
            "field '%s' is null, and it must not be; give it a value, or make the field optional"
                .formatted(name));
      }
      form.write(out, value);
    }

    /** Null is refused when it is written. */
    @Override
    boolean isCanonical(Object holder) throws Throwable {
      Object value = (Object) accessor.invokeExact(holder);
      return value != null && form.isCanonical(value);
    }
  }

  private static final class BooleanField extends Field {
    BooleanField(MethodHandle accessor, AvroValue form) {
      super(accessor, form);
    }

    @Override
    void write(ByteSink out, Object holder) throws Throwable {
      out.writeBoolean((boolean) accessor.invokeExact(holder));
    }
  }

  private static final class IntField extends Field {
    IntField(MethodHandle accessor, AvroValue form) {
      super(accessor, form);
    }

    @Override
    void write(ByteSink out, Object holder) throws Throwable {
      out.writeLong((int) accessor.invokeExact(holder));
    }
  }

  private static final class LongField extends Field {
    LongField(MethodHandle accessor, AvroValue form) {
      super(accessor, form);
    }

    @Override
    void write(ByteSink out, Object holder) throws Throwable {
      out.writeLong((long) accessor.invokeExact(holder));
    }
  }

  private static final class FloatField extends Field {
    FloatField(MethodHandle accessor, AvroValue form) {
      super(accessor, form);
    }

    @Override
    void write(ByteSink out, Object holder) throws Throwable {
      out.writeFloat((float) accessor.invokeExact(holder));
    }

    @Override
    boolean isCanonical(Object holder) throws Throwable {
      return AvroScalars.isCanonical((float) accessor.invokeExact(holder));
    }
  }

  private static final class DoubleField extends Field {
    DoubleField(MethodHandle accessor, AvroValue form) {
      super(accessor, form);
    }

    @Override
    void write(ByteSink out, Object holder) throws Throwable {
      out.writeDouble((double) accessor.invokeExact(holder));
    }

    @Override
    boolean isCanonical(Object holder) throws Throwable {
      return AvroScalars.isCanonical((double) accessor.invokeExact(holder));
    }
  }
}
