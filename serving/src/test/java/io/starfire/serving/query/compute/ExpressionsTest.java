package io.starfire.serving.query.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.VirtualColumn;
import io.starfire.serving.query.model.VirtualColumns;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What expressions compute, by example. The oracle tests have random ones. */
class ExpressionsTest {
  private static final long TEN = Times.parse("2026-11-20T10:15:30.250Z");

  private final List<SampleRow> rows =
      List.of(
          SampleRow.of(
              TEN,
              "text",
              "Ab c",
              "tags",
              List.of("a", "b"),
              "more",
              List.of("1", "2"),
              "n",
              7L,
              "x",
              2.5),
          SampleRow.of(
              TEN + 3_600_000,
              "text",
              null,
              "tags",
              List.of("b"),
              "more",
              List.of("3"),
              "n",
              null,
              "x",
              null),
          SampleRow.of(
              TEN + 7_200_000,
              "text",
              "12",
              "tags",
              List.of(),
              "more",
              List.of("4"),
              "n",
              -2L,
              "x",
              Double.NaN));

  @Test
  void operatorsFollowTheTypesOfTheirOperands() {
    check("n + 1", "8, null, -1");
    check("n / 2", "3, null, -1");
    check("n / 2.0", "3.5, null, -1.0");
    check("n / 0", "null, null, null");
    check("n % 4", "3, null, -2");
    check("n ^ 2", "49, null, 4");
    check("-n", "-7, null, 2");
    check("x * n", "17.5, null, NaN");
    check("text + '!'", "Ab c!, null, 12!");
    check("text + 1", "null, null, 13.0");
    check("n > 0", "1, null, 0");
    check("n == 7.0", "1, null, 0");
    check("x == x", "1, null, 1");
    check("x < 100", "1, null, 0");
    check("text < 'a'", "1, null, 1");
    check("absent + 1", "null, null, null");
  }

  @Test
  void logicHasThreeValues() {
    check("n > 0 && x > 0", "1, null, 0");
    check("n > 0 || 1", "1, 1, 1");
    check("n > 0 && 0", "0, 0, 0");
    check("!(n > 0)", "0, null, 1");
    check("isnull(n) || n < 0", "0, 1, 1");
    check("istrue(n > 0)", "1, 0, 0");
    check("notfalse(n > 0)", "1, 1, 0");
    check("'TRUE' && 1", "1, 1, 1");
  }

  @Test
  void conditionsChoose() {
    check("if(n > 0, 'up', 'down')", "up, down, down");
    check("if(n > 0, 1, 0.5)", "1.0, 0.5, 0.5");
    check("case_searched(n > 5, 'big', n < 0, 'less')", "big, null, less");
    check("case_simple(text, '12', 1, 'Ab c', 2, 0)", "2, 0, 1");
    check("nvl(text, 'none')", "Ab c, none, 12");
    check("coalesce(n, x, 9)", "7.0, 9.0, -2.0");
    check("cast(text, 'LONG')", "null, null, 12");
    check("cast(x, 'LONG')", "2, null, 0");
    check("cast(n, 'STRING')", "7, null, -2");
    check("greatest(n, 3)", "7, 3, 3");
    check("least(text, n)", "7, null, -2");
  }

  @Test
  void numbersAndTextsHaveTheirFunctions() {
    check("abs(n)", "7, null, 2");
    check("round(x)", "3.0, null, 0.0");
    check("round(n * 123, -2)", "900, null, -200");
    check("floor(x)", "2.0, null, NaN");
    check("max(n, 0)", "7, null, 0");
    check("safe_divide(1, n + 2)", "0, null, null");
    check("bitwiseAnd(n, 3)", "3, null, 2");
    check("concat(text, '-', n)", "Ab c-7, null, 12--2");
    check("upper(text)", "AB C, null, 12");
    check("substring(text, 1, 2)", "b , null, 2");
    check("substring(text, 9, -1)", ", null, ");
    check("strlen(text)", "4, null, 2");
    check("strpos(text, 'c')", "3, null, -1");
    check("replace(text, 'b', 'xy')", "Axy c, null, 12");
    check("trim(text, 'Ac')", "b , null, 12");
    check("lpad(text, 5, '*-')", "*Ab c, null, *-*12");
    check("rpad(text, 3, '*')", "Ab , null, 12*");
    check("left(text, 2) + right(text, 1)", "Abc, null, 122");
    check("reverse(text)", "c bA, null, 21");
    check("repeat('ab', n)", "ababababababab, null, null");
    check("like(text, 'A%')", "1, null, 0");
    check("regexp_extract(text, '([A-Z])([a-z])', 2)", "b, null, null");
    check("regexp_replace(text, '[a-z]', '<$0>')", "A<b> <c>, null, 12");
    check("regexp_like(text, '^[0-9]+$')", "0, null, 1");
    check("contains_string(text, 'B')", "0, null, 0");
    check("icontains_string(text, 'B')", "1, null, 0");
    check("parse_long(text, 16)", "null, null, 18");
    check("format('%03d|%s', n, text)", "007|Ab c, null|null, -02|12");
  }

  @Test
  void timesFollowTheCalendar() {
    check(
        "timestamp_format(timestamp_floor(__time, 'PT1H'))",
        "2026-11-20T10:00:00.000Z, 2026-11-20T11:00:00.000Z, 2026-11-20T12:00:00.000Z");
    check(
        "timestamp_format(timestamp_ceil(__time, 'P1D', null, 'Asia/Kathmandu'), 'yyyy-MM-dd"
            + " HH:mm', 'Asia/Kathmandu')",
        "2026-11-21 00:00, 2026-11-21 00:00, 2026-11-21 00:00");
    check("timestamp_extract(__time, 'hour', '+02:00')", "12, 13, 14");
    check("timestamp_extract(__time, 'DOW')", "5, 5, 5");
    check("timestamp_extract(__time, 'QUARTER')", "4, 4, 4");
    check(
        "timestamp_format(timestamp_shift(__time, 'P1M', -2))",
        "2026-09-20T10:15:30.250Z, 2026-09-20T11:15:30.250Z, 2026-09-20T12:15:30.250Z");
    check("timestamp_parse('2026-11-20 10:15:30.250') == __time", "1, 0, 0");
    check("timestamp_parse('20.11.2026 15', 'dd.MM.yyyy HH', '+05:00') < __time", "1, 1, 1");
    check("timestamp_parse(text)", "null, null, null");
    check("unix_timestamp('1970-01-01T00:01Z')", "60, 60, 60");
    check(
        "timestamp_format(__time, 'EEE d MMM yy')", "Fri 20 Nov 26, Fri 20 Nov 26, Fri 20 Nov 26");
  }

  @Test
  void arraysAndColumnsWithSeveralValues() {
    check("upper(tags)", "[A, B], B, null");
    check("concat(tags, n)", "[a7, b7], null, null");
    check("concat(tags, more)", "[a1, a2, b1, b2], b3, null");
    check("array_length(tags)", "2, 1, null");
    check("array_contains(tags, 'a')", "1, 0, null");
    check("array_to_string(tags, '-')", "a-b, b, null");
    check("array_append(tags, n)", "[a, b, 7], [b, null], null");
    check("array_offset(tags, 1)", "b, null, null");
    check("mv_filter_only(tags, ['b', 'c'])", "b, b, null");
    check("string_to_array(text, ' ')", "[Ab, c], null, 12");
    check("map((t) -> t + n, tags)", "[null, null], null, null");
    check("map((t) -> concat(t, n), tags)", "[a7, b7], null, null");
    check("filter(t -> t > 'a', tags)", "b, b, null");
    check("any(t -> t == 'a', tags)", "1, 0, null");
    check("fold((v, sum) -> sum + v, [1, 2, 3], n)", "13, null, 4");
    check("fold((v, sum) -> sum + v, map((m) -> cast(m, 'LONG'), more), 0)", "3, 3, 4");
    check("fold((v, sum) -> sum + v, [0.5, 1.5], 0)", "2.0, 2.0, 2.0");
    check("array(n, x)", "[7.0, 2.5], [null, null], [-2.0, NaN]");
    check("[1, 2] == array(1, 2)", "1, 1, 1");
  }

  @Test
  void virtualColumnsReadEachOtherAndAreCast() {
    assertThat(values(columns("a", "n * 2", null, "b", "a + 1", ColumnType.STRING), "b", true))
        .isEqualTo("15, null, -3");
    assertThat(values(columns("a", "text", ColumnType.LONG), "a", false))
        .isEqualTo("null, null, 12");
    // It hides the stored one.
    assertThat(values(columns("text", "n + 1", null), "text", true)).isEqualTo("8, null, -1");
  }

  @Test
  void virtualColumnsInACircleAreRefused() {
    assertThatThrownBy(() -> columns("a", "b + 1", null, "b", "c", null, "c", "a", null))
        .hasMessage("the virtual column 'a' reads itself, by way of a, b, c");
  }

  @Test
  void anUnknownFunctionIsRefusedWithTheNearestOne() {
    assertThatThrownBy(() -> DerivedType.checked(Expression.parse("n + timestmp_floor(a, 'P1D')")))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage(
            "the expression 'n + timestmp_floor(a, 'P1D')', character 5: there is no function"
                + " 'timestmp_floor'; did you mean timestamp_floor?");
    assertThatThrownBy(() -> DerivedType.checked(Expression.parse("strlen(a, 2)")))
        .hasMessageContaining("the function is called as strlen(text), got 2 arguments");
    assertThatThrownBy(() -> DerivedType.checked(Expression.parse("regexp_like(a, '(')")))
        .hasMessageContaining("is malformed at character 2");
    assertThatThrownBy(() -> DerivedType.checked(Expression.parse("timestamp_floor(a, 'P1Q')")))
        .hasMessageContaining("'P1Q' is not an ISO-8601 period");
    assertThatThrownBy(() -> DerivedType.checked(Expression.parse("timestamp_format(a, 'b')")))
        .hasMessageContaining("the letter 'b', which stands for nothing");
  }

  @Test
  void anExpressionOfTheLargestDepthIsComputed() {
    check("n" + " + 1".repeat(998), "1005, null, 996");
    check("(".repeat(249) + "n" + ")".repeat(249), "7, null, -2");
    check("abs(".repeat(249) + "n" + ")".repeat(249), "7, null, 2");
    check("if(1, ".repeat(200) + "n" + ", 0)".repeat(200), "7, null, -2");
  }

  @Test
  void textsThatExplodeEndTheirQuery() {
    assertThatThrownBy(() -> check("repeat(repeat(text, 1000), 1000000)", ""))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED));
    List<Object> chain = new ArrayList<>(List.of("v0", "concat(text, text)", "-"));
    for (int i = 1; i < 40; i++) {
      chain.addAll(List.of("v" + i, "concat(v%d, v%d)".formatted(i - 1, i - 1), "-"));
    }
    chain.replaceAll(part -> part.equals("-") ? null : part);
    assertThatThrownBy(() -> values(columns(chain.toArray()), "v39", true))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED));
  }

  @Test
  void halfOfASurrogatePairIsReplaced() {
    check("substring('a\\ud83d\\ude00', n - 6, 1)", "\uFFFD, null, null");
    check("left('\\ud83d\\ude00', 1)", "\uFFFD, \uFFFD, \uFFFD");
  }

  @Test
  void aPatternThatBacktracksForEverIsRefused() {
    long[] now = {0};
    InstantSource clock = () -> Instant.ofEpochMilli(++now[0]);
    QueryControl control =
        QueryControl.start(
            clock, new QueryLimits(1 << 24, Duration.ofSeconds(10)), QueryContext.EMPTY);
    List<SampleRow> long60 = List.of(SampleRow.of(TEN, "text", "a".repeat(60) + "b"));
    for (String call : List.of("regexp_like(%s)", "regexp_extract(%s)", "regexp_replace(%s, '')")) {
      String expression = call.formatted("text, '^((a|a)*)\\\\1c'");
      assertThatThrownBy(
              () ->
                  read(
                      new ArrayRowSet(long60, Map.of("text", ColumnType.STRING), true),
                      columns("v", expression, null),
                      "v",
                      control))
          .as(expression)
          .isInstanceOfSatisfying(
              StarfireException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED));
    }
  }

  /** Over rows as stored, and as live. */
  private void check(String expression, String expected) {
    VirtualColumns columns = columns("v", expression, null);
    assertThat(values(columns, "v", true)).as(expression).isEqualTo(expected);
    assertThat(values(columns, "v", false)).as(expression).isEqualTo(expected);
  }

  private static VirtualColumns columns(Object... namesExpressionsAndTypes) {
    List<VirtualColumn> columns = new ArrayList<>();
    for (int i = 0; i < namesExpressionsAndTypes.length; i += 3) {
      columns.add(
          new VirtualColumn.Expressed(
              (String) namesExpressionsAndTypes[i],
              DerivedType.checked(Expression.parse((String) namesExpressionsAndTypes[i + 1])),
              (ColumnType) namesExpressionsAndTypes[i + 2]));
    }
    return new VirtualColumns(columns, List.of());
  }

  private String values(VirtualColumns columns, String name, boolean stored) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("text", ColumnType.STRING);
    types.put("tags", ColumnType.STRING);
    types.put("more", ColumnType.STRING);
    types.put("n", ColumnType.LONG);
    types.put("x", ColumnType.DOUBLE);
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
    String values = read(new ArrayRowSet(rows, types, stored), columns, name, control);
    assertThat(control.usedBytes()).as("given back").isZero();
    return values;
  }

  private static String read(
      RowSet rows, VirtualColumns columns, String name, QueryControl control) {
    try (DerivedRows derived = new DerivedRows(rows, columns, control)) {
      List<String> values = new ArrayList<>();
      for (int row = 0; row < rows.rowCount(); row++) {
        values.add(value(derived.column(name), row));
      }
      return String.join(", ", values);
    }
  }

  private static String value(Column column, int row) {
    boolean[] isNull = new boolean[1];
    if (column instanceof LongColumn longs) {
      long[] value = new long[1];
      longs.read(row, 1, value);
      longs.readNulls(row, 1, isNull);
      return isNull[0] ? "null" : Long.toString(value[0]);
    }
    if (column instanceof DoubleColumn doubles) {
      double[] value = new double[1];
      doubles.read(row, 1, value);
      doubles.readNulls(row, 1, isNull);
      return isNull[0] ? "null" : Double.toString(value[0]);
    }
    if (column instanceof StringColumn strings) {
      int[] ids = new int[1];
      if (strings.multiValued()) {
        ids = strings.readValues(row);
      } else {
        strings.readIds(row, 1, ids);
      }
      List<String> texts = Arrays.stream(ids).mapToObj(strings::value).toList();
      return texts.size() == 1 ? String.valueOf(texts.get(0)) : texts.toString();
    }
    return "null";
  }
}
