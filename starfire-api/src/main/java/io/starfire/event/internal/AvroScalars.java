package io.starfire.event.internal;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Utf8Order;
import io.starfire.decoding.DecodingFailure;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The Avro forms of scalars; each kind is one stateless codec. */
final class AvroScalars {
  private static final int NANOS_PER_MILLI = 1_000_000;

  /** Far below what 64 bits of milliseconds hold. */
  private static final long MOST_SECONDS = 1L << 50;

  private AvroScalars() {}

  static AvroValue of(ValueType.Kind kind) {
    return switch (kind) {
      case STRING ->
          scalar(
              Schema.Type.STRING,
              (out, v) -> out.writeString((String) v),
              ByteSource::readString,
              AvroScalars::isWellFormed);
      case BOOLEAN ->
          scalar(
              Schema.Type.BOOLEAN,
              (out, v) -> out.writeBoolean((Boolean) v),
              ByteSource::readBoolean,
              v -> true);
      case INT ->
          scalar(
              Schema.Type.INT,
              (out, v) -> out.writeLong((Integer) v),
              ByteSource::readInt,
              v -> true);
      case LONG ->
          scalar(
              Schema.Type.LONG,
              (out, v) -> out.writeLong((Long) v),
              ByteSource::readLong,
              v -> true);
      case FLOAT ->
          scalar(
              Schema.Type.FLOAT,
              (out, v) -> out.writeFloat((Float) v),
              ByteSource::readFloat,
              v -> isCanonical((float) v));
      case DOUBLE ->
          scalar(
              Schema.Type.DOUBLE,
              (out, v) -> out.writeDouble((Double) v),
              ByteSource::readDouble,
              v -> isCanonical((double) v));
      case INSTANT ->
          new Plain(
              LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)),
              (out, v) -> out.writeLong(toMillis((Instant) v)),
              in -> Instant.ofEpochMilli(in.readLong()),
              v -> isWholeMillis((Instant) v));
      case DECIMAL ->
          scalar(
              Schema.Type.STRING,
              (out, v) -> out.writeString(canonicalText((BigDecimal) v)),
              in -> toDecimal(in.readString()),
              v -> false);
    };
  }

  private static boolean isWellFormed(Object text) {
    return Utf8Order.wellFormed((String) text).equals(text);
  }

  static boolean isCanonical(float value) {
    return Float.floatToRawIntBits(value) == Float.floatToIntBits(value + 0.0f);
  }

  static boolean isCanonical(double value) {
    return Double.doubleToRawLongBits(value) == Double.doubleToLongBits(value + 0.0);
  }

  private static boolean isWholeMillis(Instant instant) {
    return instant.getNano() % NANOS_PER_MILLI == 0
        && Math.abs(instant.getEpochSecond()) < MOST_SECONDS;
  }

  /** Cut, that is rounded down, to the millisecond. */
  static long toMillis(Instant instant) {
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "instant %s does not fit into 64 bits of milliseconds".formatted(instant),
          e);
    }
  }

  /** Equal for decimals that compare as equal: without trailing zeros, with every digit. */
  static String canonicalText(BigDecimal decimal) {
    return decimal.stripTrailingZeros().toString();
  }

  private static BigDecimal toDecimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new DecodingFailure("'" + text + "' is not a decimal", e);
    }
  }

  private static AvroValue scalar(
      Schema.Type type,
      BiConsumer<ByteSink, Object> writer,
      Function<ByteSource, Object> reader,
      Predicate<Object> canonical) {
    return new Plain(Schema.create(type), writer, reader, canonical);
  }

  private static final class Plain extends AvroValue {
    private final BiConsumer<ByteSink, Object> writer;
    private final Function<ByteSource, Object> reader;
    private final Predicate<Object> canonical;

    Plain(
        Schema schema,
        BiConsumer<ByteSink, Object> writer,
        Function<ByteSource, Object> reader,
        Predicate<Object> canonical) {
      super(schema);
      this.writer = writer;
      this.reader = reader;
      this.canonical = canonical;
    }

    @Override
    public void write(ByteSink out, Object value) {
      writer.accept(out, value);
    }

    @Override
    public Object read(ByteSource in) {
      return reader.apply(in);
    }

    @Override
    public boolean isCanonical(Object value) {
      return canonical.test(value);
    }
  }
}
