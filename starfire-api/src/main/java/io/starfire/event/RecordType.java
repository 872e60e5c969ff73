package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.event.internal.RecordShape;
import io.starfire.event.internal.Shapes;

/** Events that are Java records. */
final class RecordType<T> extends EventType<T> {
  private static final ClassValue<RecordCodec<?>> CODECS =
      new ClassValue<>() {
        @Override
        protected RecordCodec<?> computeValue(Class<?> type) {
          return new RecordCodec<>(new RecordType<>(type));
        }
      };

  private final Class<T> type;

  RecordType(Class<T> type) {
    this.type = requireNonNull(type, "type");
  }

  @Override
  public String name() {
    return type.getSimpleName();
  }

  @Override
  public String describe() {
    return type.getName();
  }

  @Override
  public String fullName() {
    return type.getName();
  }

  @Override
  @SuppressWarnings("unchecked") // The cache holds under each class the codec made for that class.
  public RecordCodec<T> codec() {
    return (RecordCodec<T>) CODECS.get(type);
  }

  @Override
  RecordShape shape() {
    return Shapes.of(type);
  }

  @Override
  RowForm inRow(int index) {
    return RowForm.ofRecord(shape().components().get(index));
  }

  @Override
  T cast(Object event) {
    return type.cast(event);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordType<?> that && type == that.type;
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }
}
