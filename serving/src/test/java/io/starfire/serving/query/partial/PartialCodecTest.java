package io.starfire.serving.query.partial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Partial results as bytes. That all answers survive it is in {@code OracleTest}. */
class PartialCodecTest {
  private static final long TEN = Times.parse("2026-11-20T10");
  private static final String QUERY =
      """
      {'queryType':'groupBy','dataSource':'ads','intervals':'2026-11-20T10/PT3H','granularity':'hour',
       'dimensions':['city',{'type':'default','dimension':'clicks','outputType':'LONG'}],
       'aggregations':[{'type':'count','name':'rows'},
         {'type':'longSum','name':'sum','fieldName':'clicks'},
         {'type':'doubleMean','name':'mean','fieldName':'revenue'},
         {'type':'stringFirst','name':'first','fieldName':'city'}]}
      """;

  private final AggregateQuery query = (AggregateQuery) Answers.parse(QUERY);
  private final RowSet rows =
      rowSet(
          SampleRow.of(TEN, "city", "Ulm", "clicks", Long.MAX_VALUE, "revenue", 0.25),
          SampleRow.of(TEN + 1, "city", null, "clicks", 3L, "revenue", null),
          SampleRow.of(TEN + 2, "city", "Köln", "clicks", null, "revenue", Double.NaN),
          SampleRow.of(TEN + 7_200_000, "city", "", "clicks", -1L, "revenue", 0.5));

  @Test
  void whatIsReadGivesTheSameAnswerAndTheSameBytes() {
    Partial partial = scan();
    byte[] bytes = PartialCodec.write(partial, control());

    Partial read = PartialCodec.read(query, bytes, control());

    assertThat(PartialCodec.write(read, control())).isEqualTo(bytes);
    assertThat(answer(read)).isEqualTo(answer(partial)).contains("Köln", "NaN");
    assertThat(read.rowsScanned()).isEqualTo(4);
    assertThat(read.rowsMatched()).isEqualTo(4);
  }

  @Test
  void everyDamagedByteIsFound() {
    byte[] bytes = PartialCodec.write(scan(), control());
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(() -> PartialCodec.read(query, damaged, control()))
          .as("byte %d", at)
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> PartialCodec.read(query, cut, control()))
          .isInstanceOf(StarfireException.class)
          .hasMessageContaining("a partial result is damaged");
    }
  }

  @Test
  void anotherVersionIsRefusedByName() {
    byte[] bytes = PartialCodec.write(scan(), control());
    bytes[4]++;
    assertThatThrownBy(() -> PartialCodec.read(query, bytes, control()))
        .hasMessageContaining("the version 2 where 52504653 and 1 were expected");
  }

  @Test
  void aPartialResultOfAnotherQueryIsRefused() {
    AggregateQuery other =
        (AggregateQuery) Answers.parse(QUERY.replace("{'type':'count','name':'rows'},", ""));
    byte[] bytes = PartialCodec.write(scan(), control());
    assertThatThrownBy(() -> PartialCodec.read(other, bytes, control()))
        .hasMessageContaining("3 keys and 4 aggregates where 3 and 3 were expected");
  }

  @Test
  void whatIsReadCountsAgainstTheMemoryOfTheQuery() {
    byte[] bytes = PartialCodec.write(scan(), control());
    QueryControl small =
        QueryControl.start(
            InstantSource.fixed(Instant.EPOCH),
            new QueryLimits(100, Duration.ofMinutes(1)),
            QueryContext.EMPTY);
    assertThatThrownBy(() -> PartialCodec.read(query, bytes, small))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED));
  }

  private Partial scan() {
    return QueryEngine.scan(query, rows, Interval.ETERNITY, control());
  }

  private String answer(Partial partial) {
    return Answers.text(ResultBuilder.finish(query, partial, control()));
  }

  private static RowSet rowSet(SampleRow... rows) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("city", ColumnType.STRING);
    types.put("clicks", ColumnType.LONG);
    types.put("revenue", ColumnType.DOUBLE);
    return new ArrayRowSet(List.of(rows), types, true);
  }

  private static QueryControl control() {
    return QueryControl.start(
        InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }
}
