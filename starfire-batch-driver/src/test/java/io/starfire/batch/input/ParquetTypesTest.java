package io.starfire.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.UnreadableValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every logical type of Parquet, in files that DuckDB wrote. */
class ParquetTypesTest {
  @TempDir Path directory;

  static Stream<Arguments> types() {
    return Stream.of(
        type("true", true),
        type("(-128)::TINYINT", -128L),
        type("(-32768)::SMALLINT", -32768L),
        type("(-2147483648)::INTEGER", -2147483648L),
        type("(-9223372036854775808)::BIGINT", Long.MIN_VALUE),
        type("255::UTINYINT", 255L),
        type("65535::USMALLINT", 65535L),
        type("4294967295::UINTEGER", 4294967295L),
        type("9223372036854775807::UBIGINT", Long.MAX_VALUE),
        type("18446744073709551615::UBIGINT", new BigInteger("18446744073709551615")),
        type("1.5::FLOAT", 1.5f),
        type("0.1::DOUBLE", 0.1),
        type("12.34::DECIMAL(4,2)", new BigDecimal("12.34")),
        type("(-12345.678)::DECIMAL(18,3)", new BigDecimal("-12345.678")),
        type(
            "12345678901234567890.1234567890::DECIMAL(38,10)",
            new BigDecimal("12345678901234567890.1234567890")),
        type("'ä€'::VARCHAR", "ä€"),
        type("'b'::ENUM('a', 'b')", "b"),
        type("'{\"a\":1}'::JSON", "{\"a\":1}"),
        type("'abc'::BLOB", "abc"),
        type(
            "'0191d1f0-9c5a-7abc-8def-0123456789ab'::UUID", "0191d1f0-9c5a-7abc-8def-0123456789ab"),
        type("DATE '2026-11-20'", "2026-11-20"),
        type("DATE '1969-12-31'", "1969-12-31"),
        type("TIME '10:00:00'", "10:00:00"),
        type("TIME '23:59:59.123456'", "23:59:59.123456"),
        type("TIME '24:00:00'", "24:00:00"),
        type(
            "TIMESTAMP '2026-11-20 10:00:00.123456'", Instant.parse("2026-11-20T10:00:00.123456Z")),
        type("'2026-11-20 10:00:00'::TIMESTAMP_S", Instant.parse("2026-11-20T10:00:00Z")),
        type("'2026-11-20 10:00:00.123'::TIMESTAMP_MS", Instant.parse("2026-11-20T10:00:00.123Z")),
        type(
            "'2026-11-20 10:00:00.123456789'::TIMESTAMP_NS",
            Instant.parse("2026-11-20T10:00:00.123456789Z")),
        type(
            "'2026-11-20 10:00:00.5+02:00'::TIMESTAMPTZ", Instant.parse("2026-11-20T08:00:00.5Z")));
  }

  private static Arguments type(String expression, Object expected) {
    return Arguments.of(expression, expected);
  }

  @ParameterizedTest
  @MethodSource("types")
  void aValueIsWhatItsLogicalTypeSays(String expression, Object expected)
      throws SQLException, IOException {
    Path file = written("SELECT %s AS x UNION ALL SELECT NULL".formatted(expression));
    List<Object> values = new ArrayList<>();
    try (ParquetRows rows = ParquetRows.open(file.toString(), name -> true, new Configuration())) {
      for (Map<String, Object> row = rows.next(); row != null; row = rows.next()) {
        values.add(row.get("x"));
      }
    }
    assertThat(values).containsExactlyInAnyOrderElementsOf(Arrays.asList(expected, null));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNotReadIsRefusedWithTheColumnsName(String expression, String described)
      throws SQLException {
    Path file = written("SELECT 1 AS id, %s AS x".formatted(expression));
    assertThatThrownBy(
            () -> ParquetRows.open(file.toString(), name -> true, new Configuration()).close())
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("column 'x' of " + file)
        .hasMessageContaining(described);
    // A column that nobody asked for is no reason to refuse the file.
    ParquetRows.open(file.toString(), "id"::equals, new Configuration());
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        type("INTERVAL 1 DAY", "is of the type INTERVAL"),
        type("[1, 2]", "is nested"),
        type("{'a': 1}", "is nested"));
  }

  @Test
  void bytesThatAreNoTextStayBytes() throws SQLException, IOException {
    Path file = written("SELECT '\\xFF\\xFE'::BLOB AS x");
    try (ParquetRows rows = ParquetRows.open(file.toString(), name -> true, new Configuration())) {
      assertThat(rows.next().get("x")).isEqualTo(new byte[] {(byte) 0xFF, (byte) 0xFE});
    }
  }

  @Test
  void aValueThatItsTypeDoesNotAllowIsUnreadableAndNoReasonToRefuseTheFile() {
    assertThat(ParquetColumn.timeOfDay(86_400_000, ChronoUnit.MILLIS)).isEqualTo("24:00:00");
    assertThat(ParquetColumn.timeOfDay(86_400_001, ChronoUnit.MILLIS))
        .isEqualTo(new UnreadableValue("86400001 millis since midnight are no time of day"));
    assertThat(ParquetColumn.timeOfDay(-1, ChronoUnit.NANOS)).isInstanceOf(UnreadableValue.class);
    assertThat(ParquetColumn.timeOfDay(Long.MAX_VALUE, ChronoUnit.MICROS))
        .isInstanceOf(UnreadableValue.class);
    assertThat(ParquetColumn.decimal(new byte[0], 2))
        .isEqualTo(new UnreadableValue("a decimal of 0 bytes is no number"));
    assertThat(ParquetColumn.decimal(new byte[] {1, 0}, 2)).isEqualTo(new BigDecimal("2.56"));
  }

  @Test
  void theOldTypeOfTimesAndBytesOfAFixedLengthAreRefused() {
    assertThatThrownBy(
            () -> ParquetColumn.of("f", Types.optional(PrimitiveTypeName.INT96).named("old")))
        .hasMessageContaining("column 'old' of f is of the type int96");
    assertThatThrownBy(
            () ->
                ParquetColumn.of(
                    "f",
                    Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                        .length(7)
                        .named("fixed")))
        .hasMessageContaining("column 'fixed' of f is of the type fixed_len_byte_array");
    assertThatThrownBy(
            () ->
                ParquetColumn.of(
                    "f",
                    Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.bsonType())
                        .named("b")))
        .hasMessageContaining("column 'b' of f is of the type BSON (binary)");
  }

  @Test
  void floatsOfTwoBytesAreWidened() {
    assertThat(ParquetColumn.half((short) 0x3C00)).isEqualTo(1f);
    assertThat(ParquetColumn.half((short) 0xC000)).isEqualTo(-2f);
    assertThat(ParquetColumn.half((short) 0x7BFF)).isEqualTo(65504f);
    assertThat(ParquetColumn.half((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(ParquetColumn.half((short) 0x8000)).isEqualTo(-0f);
    assertThat(ParquetColumn.half((short) 0xFC00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(ParquetColumn.half((short) 0x7E00)).isNaN();
  }

  private Path written(String query) throws SQLException {
    Path file = directory.resolve("types.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(query, file));
    }
    return file;
  }
}
