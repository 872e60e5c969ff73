package io.starfire.batch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.Files;
import io.starfire.common.StarfireException;
import io.starfire.event.EventType;
import io.starfire.event.RecordCodec;
import io.starfire.event.RowSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task writes, as DuckDB reads it. */
class ResultFileTest {
  private static final long TIME = Instant.parse("2026-11-20T10:00:00.005Z").toEpochMilli();

  @TempDir Path directory;

  enum Colour {
    RED,
    BLUE
  }

  record Inner(String text, Optional<Integer> number) {}

  record Sale(
      String id,
      long cents,
      int count,
      BigDecimal price,
      Instant soldAt,
      double ratio,
      float share,
      boolean paid,
      Colour colour,
      List<String> tags,
      Map<String, Long> counts,
      List<Inner> inner) {}

  record Nothing() {}

  record Holder(String id, Nothing nothing) {}

  private static final Sale FULL =
      new Sale(
          "a",
          1_234_567_890_123_456_789L,
          -7,
          new BigDecimal("12345678901234567890.5"),
          Instant.parse("2026-11-20T09:00:00.001Z"),
          0.1,
          0.5f,
          true,
          Colour.BLUE,
          Arrays.asList("x", null),
          Map.of("b", 2L),
          List.of(new Inner("t", Optional.of(1)), new Inner(null, Optional.empty())));

  private static final Sale EMPTY =
      new Sale(
          null,
          0,
          0,
          null,
          null,
          Double.NaN,
          Float.NEGATIVE_INFINITY,
          false,
          null,
          List.of(),
          null,
          null);

  private <T> String write(Files<T> files, List<T> events) throws IOException {
    Path file = directory.resolve("part-0" + ResultFile.extension(files.format()));
    RecordCodec<T> codec = files.type().codec();
    try (ResultFile out =
        ResultFile.create(
            files, new org.apache.hadoop.fs.Path(file.toUri()), new Configuration(false))) {
      for (T event : events) {
        out.add(TIME, codec.encode(event));
      }
    }
    return file.toString();
  }

  private static List<String> rows(String sql) throws SQLException {
    List<String> rows = new java.util.ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet found = statement.executeQuery(sql)) {
        while (found.next()) {
          rows.add(found.getString(1));
        }
      }
    }
    return rows;
  }

  @Test
  void everyTypeOfValueIsInItsColumnAndNullIsNull() throws Exception {
    String file =
        write(Files.named("sales", EventType.of(Sale.class)).parquet(), List.of(FULL, EMPTY));

    assertThat(rows("select sale::varchar from '%s' sale".formatted(file)))
        .containsExactly(
            "{'__time': '2026-11-20 10:00:00.005+00', 'id': a, 'cents': 1234567890123456789,"
                + " 'count': -7, 'price': 12345678901234567890.5,"
                + " 'soldAt': '2026-11-20 09:00:00.001+00', 'ratio': 0.1, 'share': 0.5,"
                + " 'paid': true, 'colour': BLUE, 'tags': [x, NULL], 'counts': {b=2},"
                + " 'inner': [{'text': t, 'number': 1}, {'text': NULL, 'number': NULL}]}",
            "{'__time': '2026-11-20 10:00:00.005+00', 'id': NULL, 'cents': 0, 'count': 0,"
                + " 'price': NULL, 'soldAt': NULL, 'ratio': nan, 'share': -inf, 'paid': false,"
                + " 'colour': NULL, 'tags': [], 'counts': NULL, 'inner': NULL}");
    assertThat(
            rows(
                "select column_name || ' ' || column_type from (describe select * from '%s')"
                    .formatted(file)))
        .contains("__time TIMESTAMP WITH TIME ZONE", "cents BIGINT", "price VARCHAR");
  }

  @Test
  void aFieldOfARowHasItsDeclaredNameInBothFormats() throws Exception {
    RowSchema hits = RowSchema.parse("hits", "user-agent string?, status int");
    var hit = hits.row().set("user-agent", "curl").set("status", 200).build();

    for (Files<io.starfire.event.Row> files :
        List.of(Files.named("hits", hits).parquet(), Files.named("hits", hits).json())) {
      String read = files.format() == Files.Format.JSON ? "read_json('%s')" : "read_parquet('%s')";
      assertThat(
              rows(
                  "select \"user-agent\" || status from "
                      + read.formatted(write(files, List.of(hit)))))
          .containsExactly("curl200");
    }
  }

  @Test
  void aRecordWithoutComponentsIsNoColumn() {
    assertThatThrownBy(
            () -> ParquetColumns.check(Files.named("held", EventType.of(Holder.class)).parquet()))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("Nothing has no components, and a Parquet file has no column for it");
  }
}
