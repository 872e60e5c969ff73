package io.starfire.serving.query;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random rows and queries over a few columns with few values, so that much matches. */
final class RandomQueries {
  static final long START = Times.parse("2026-11-20T10");
  static final Map<String, ColumnType> TYPES = types();

  private static final String[] TEXTS = {
    "", "a", "b", "ab", "10", "9", "2.5", "ä", "\uFF5E", "\uD83D\uDE00", null
  };
  private static final List<String> ASKED =
      Arrays.asList("", "a", "b", "c", "10", "9", "2.5", "0", "-3", "7.0", "ä", null);

  private static final List<ColumnType> OUTPUT_TYPES =
      List.of(ColumnType.STRING, ColumnType.LONG, ColumnType.DOUBLE);

  private final Random random;

  RandomQueries(Random random) {
    this.random = random;
  }

  private static Map<String, ColumnType> types() {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("text", ColumnType.STRING);
    types.put("tags", ColumnType.STRING);
    types.put("size", ColumnType.LONG);
    types.put("ratio", ColumnType.DOUBLE);
    types.put("clicks", ColumnType.LONG);
    types.put("revenue", ColumnType.DOUBLE);
    return types;
  }

  List<SampleRow> rows(int count) {
    List<SampleRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          SampleRow.of(
              START + random.nextInt(3 * 3_600_000),
              "text",
              text(),
              "tags",
              tags(),
              "size",
              random.nextInt(5) == 0 ? null : (Object) (long) (random.nextInt(20) - 5),
              "ratio",
              random.nextInt(5) == 0 ? null : (Object) (random.nextInt(40) / 4.0 - 2),
              "clicks",
              random.nextInt(6) == 0 ? null : (Object) (long) random.nextInt(100),
              "revenue",
              random.nextInt(6) == 0 ? null : (Object) (random.nextInt(999) / 64.0)));
    }
    return rows;
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private Object tags() {
    if (random.nextInt(4) == 0) {
      return null;
    }
    Set<String> tags = new HashSet<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      tags.add(text());
    }
    return new ArrayList<>(tags);
  }

  AggregateQuery query() {
    List<Interval> intervals = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      long start = START + random.nextInt(4 * 3_600_000) - 1_800_000;
      intervals.add(new Interval(start, start + 1 + random.nextInt(2 * 3_600_000)));
    }
    QueryGranularity granularity =
        QueryGranularity.of(
            List.of(Granularity.ALL, Granularity.HOUR, Granularity.MINUTE, Granularity.NONE)
                .get(random.nextInt(4)));
    Filter filter = random.nextInt(5) == 0 ? null : filter(3);
    if (random.nextBoolean()) {
      Map<String, Object> context = new LinkedHashMap<>();
      context.put("skipEmptyBuckets", random.nextBoolean());
      context.put("grandTotal", random.nextBoolean());
      return new TimeseriesQuery(
          "ads",
          intervals,
          granularity,
          filter,
          aggregations(),
          List.of(),
          random.nextBoolean(),
          random.nextInt(3) * 2,
          new QueryContext(context));
    }
    return new GroupByQuery(
        "ads",
        intervals,
        granularity,
        dimensions(),
        filter,
        aggregations(),
        List.of(),
        null,
        LimitSpec.NONE,
        QueryContext.EMPTY);
  }

  private List<GroupDimension> dimensions() {
    List<GroupDimension> dimensions = new ArrayList<>();
    for (String column : List.of("text", "tags", "size", "ratio", "absent")) {
      if (random.nextInt(3) == 0) {
        ColumnType type =
            column.equals("size") || column.equals("ratio")
                ? OUTPUT_TYPES.get(random.nextInt(3))
                : ColumnType.STRING;
        dimensions.add(new GroupDimension(column, "by_" + column, type));
      }
    }
    return dimensions;
  }

  private List<Aggregation> aggregations() {
    List<Aggregation> aggregations = new ArrayList<>();
    for (Aggregation.Kind kind : Aggregation.Kind.values()) {
      if (kind.compareTo(Aggregation.Kind.DOUBLE_MEAN) < 0 && random.nextInt(3) != 0) {
        String column =
            List.of("clicks", "revenue", "size", "ratio", "absent").get(random.nextInt(5));
        aggregations.add(
            new Aggregation(kind, kind.jsonName(), kind == Aggregation.Kind.COUNT ? null : column));
      }
    }
    return aggregations;
  }

  private Filter filter(int depth) {
    return switch (depth == 0 ? random.nextInt(3) : random.nextInt(6)) {
      case 0 -> new Filter.Selector(column(), asked());
      case 1 -> {
        Set<String> values = new HashSet<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          values.add(asked());
        }
        yield new Filter.In(column(), values);
      }
      case 2 -> bound();
      case 3 -> new Filter.And(filters(depth - 1));
      case 4 -> new Filter.Or(filters(depth - 1));
      default -> new Filter.Not(filter(depth - 1));
    };
  }

  private List<Filter> filters(int depth) {
    List<Filter> filters = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      filters.add(filter(depth));
    }
    return filters;
  }

  private Filter bound() {
    boolean numeric = random.nextBoolean();
    List<String> ends =
        numeric ? List.of("-3", "0", "2.5", "7.0", "9", "10") : List.of("", "a", "ab", "9", "ä");
    String lower = random.nextInt(3) == 0 ? null : ends.get(random.nextInt(ends.size()));
    String upper =
        lower != null && random.nextInt(3) == 0 ? null : ends.get(random.nextInt(ends.size()));
    return new Filter.Bound(
        column(),
        lower,
        upper,
        random.nextBoolean(),
        random.nextBoolean(),
        numeric ? Filter.Ordering.NUMERIC : Filter.Ordering.LEXICOGRAPHIC);
  }

  private String column() {
    return List.of("text", "tags", "size", "ratio", "absent", "__time").get(random.nextInt(6));
  }

  private String asked() {
    return ASKED.get(random.nextInt(ASKED.size()));
  }
}
