package io.starfire.batch.input;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.UnreadableValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Reads the values of one column by its logical type. What carries them (an int32, bytes) says
 * nothing about what they mean: the int32 of an unsigned column may be below zero. A type that is
 * not known is refused when the file is opened. A value that its type does not allow is an {@link
 * UnreadableValue}: its row is a dead letter, and the rest of the file is read. Immutable.
 *
 * <table>
 *   <caption>What becomes what</caption>
 *   <tr><td>signed and unsigned integers</td><td>Long; a BigInteger above 2^63-1</td></tr>
 *   <tr><td>decimals</td><td>BigDecimal</td></tr>
 *   <tr><td>float16, float, double</td><td>Float, Double</td></tr>
 *   <tr><td>timestamps, local ones as UTC</td><td>Instant</td></tr>
 *   <tr><td>dates, times of day</td><td>text: 2026-11-20, 10:00:00.123, 24:00:00</td></tr>
 *   <tr><td>strings, enums, JSON, bytes without a type</td><td>text; bytes if it is no UTF-8</td></tr>
 *   <tr><td>UUIDs</td><td>text</td></tr>
 * </table>
 */
final class ParquetColumn {
  private static final int UUID_BYTES = 16;
  private static final String END_OF_DAY = "24:00:00";

  private final String name;
  private final ValueReader reader;

  /** Reads the value of a column, which is there. */
  private interface ValueReader {
    Object read(Group row, int column);
  }

  private ParquetColumn(String name, ValueReader reader) {
    this.name = name;
    this.reader = reader;
  }

  /**
   * The reader of a column.
   *
   * @throws StarfireException with UNSUPPORTED and the column's name if it is nested, or of a type
   *     that is not read
   */
  static ParquetColumn of(String file, Type column) {
    if (!column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "column '%s' of %s is nested; only flat Parquet columns are read, so write it as JSON"
              .formatted(column.getName(), file));
    }
    PrimitiveType type = column.asPrimitiveType();
    ValueReader reader = reader(type);
    if (reader == null) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "column '%s' of %s is of the type %s, which is not read; write it as a string, a number or an int64 timestamp, or leave it out"
              .formatted(column.getName(), file, describe(type)));
    }
    return new ParquetColumn(column.getName(), reader);
  }

  String name() {
    return name;
  }

  /** The value in a row; null if it is null. */
  Object read(Group row, int column) {
    return row.getFieldRepetitionCount(column) == 0 ? null : reader.read(row, column);
  }

  private static String describe(PrimitiveType type) {
    String carrier = type.getPrimitiveTypeName().name().toLowerCase(Locale.ROOT);
    return type.getLogicalTypeAnnotation() == null
        ? carrier
        : "%s (%s)".formatted(type.getLogicalTypeAnnotation(), carrier);
  }

  /** Null for a type that is not read. */
  private static ValueReader reader(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    PrimitiveTypeName carrier = type.getPrimitiveTypeName();
    return switch (carrier) {
      case BOOLEAN -> logical == null ? (row, i) -> row.getBoolean(i, 0) : null;
      case FLOAT -> logical == null ? (row, i) -> row.getFloat(i, 0) : null;
      case DOUBLE -> logical == null ? (row, i) -> row.getDouble(i, 0) : null;
      case INT32 -> whole(logical, (row, i) -> row.getInteger(i, 0));
      case INT64 -> whole(logical, (row, i) -> row.getLong(i, 0));
      case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(type, logical);
      case INT96 -> null;
    };
  }

  /** Reads what carries a value. */
  private interface Carrier {
    long read(Group row, int column);
  }

  private static ValueReader whole(LogicalTypeAnnotation logical, Carrier carrier) {
    if (logical == null) {
      return carrier::read;
    } else if (logical instanceof IntLogicalTypeAnnotation integer) {
      return integer.isSigned() ? carrier::read : unsigned(integer.getBitWidth(), carrier);
    } else if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return (row, i) -> BigDecimal.valueOf(carrier.read(row, i), decimal.getScale());
    } else if (logical instanceof DateLogicalTypeAnnotation) {
      return (row, i) -> LocalDate.ofEpochDay(carrier.read(row, i)).toString();
    } else if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      ChronoUnit unit = unit(timestamp.getUnit());
      return (row, i) -> Instant.EPOCH.plus(carrier.read(row, i), unit);
    } else if (logical instanceof TimeLogicalTypeAnnotation time) {
      ChronoUnit unit = unit(time.getUnit());
      return (row, i) -> timeOfDay(carrier.read(row, i), unit);
    }
    return null;
  }

  /** ISO 8601 knows the end of a day as 24:00:00, and so do the databases that write it. */
  static Object timeOfDay(long value, ChronoUnit unit) {
    long unitsOfDay = ChronoUnit.DAYS.getDuration().dividedBy(unit.getDuration());
    if (value < 0 || value > unitsOfDay) {
      return new UnreadableValue(
          "%d %s since midnight are no time of day"
              .formatted(value, unit.toString().toLowerCase(Locale.ROOT)));
    }
    return value == unitsOfDay
        ? END_OF_DAY
        : DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.MIDNIGHT.plus(value, unit));
  }

  static Object decimal(byte[] unscaled, int scale) {
    return unscaled.length == 0
        ? new UnreadableValue("a decimal of 0 bytes is no number")
        : new BigDecimal(new BigInteger(unscaled), scale);
  }

  private static ValueReader unsigned(int bits, Carrier carrier) {
    if (bits < Long.SIZE) {
      long mask = (1L << bits) - 1;
      return (row, i) -> carrier.read(row, i) & mask;
    }
    return (row, i) -> {
      long value = carrier.read(row, i);
      return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
    };
  }

  private static ChronoUnit unit(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> ChronoUnit.MILLIS;
      case MICROS -> ChronoUnit.MICROS;
      case NANOS -> ChronoUnit.NANOS;
    };
  }

  private static ValueReader bytes(PrimitiveType type, LogicalTypeAnnotation logical) {
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return (row, i) -> decimal(row.getBinary(i, 0).getBytes(), decimal.getScale());
    } else if (logical instanceof UUIDLogicalTypeAnnotation && type.getTypeLength() == UUID_BYTES) {
      return (row, i) -> {
        ByteBuffer bits = row.getBinary(i, 0).toByteBuffer();
        return new UUID(bits.getLong(), bits.getLong()).toString();
      };
    } else if (logical instanceof Float16LogicalTypeAnnotation) {
      return (row, i) ->
          half(row.getBinary(i, 0).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort());
    }
    boolean text =
        logical instanceof StringLogicalTypeAnnotation
            || logical instanceof EnumLogicalTypeAnnotation
            || logical instanceof JsonLogicalTypeAnnotation
            || (logical == null && type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY);
    return text ? (row, i) -> text(row.getBinary(i, 0).getBytes()) : null;
  }

  /** Text, or the bytes themselves, which no target takes: the record is a dead letter then. */
  private static Object text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return bytes;
    }
  }

  /** A float of IEEE 754's binary16. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    // The exponent's bias moves from 15 to 127; all ones stay so for infinities and NaN.
    int wider = exponent == 0x1F ? 0xFF : exponent + 112;
    return Float.intBitsToFloat(sign | wider << 23 | fraction << 13);
  }
}
