package io.starfire.serving.query;

import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a query means, a row at a time over plain values. Shares no code with the engine. */
final class NaiveEngine {
  private NaiveEngine() {}

  static QueryResult answer(AggregateQuery query, List<SampleRow> rows) {
    Map<List<Object>, List<SampleRow>> groups = new HashMap<>();
    for (SampleRow row : rows) {
      boolean inTime = query.intervals().stream().anyMatch(i -> i.contains(row.timeMillis()));
      if (inTime && (query.filter() == null || isTrue(query.filter(), row))) {
        for (List<Object> key : keys(query, row)) {
          groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(row);
        }
      }
    }
    return query instanceof TimeseriesQuery timeseries
        ? timeseries(timeseries, groups)
        : groupBy((GroupByQuery) query, groups);
  }

  private static QueryResult timeseries(
      TimeseriesQuery query, Map<List<Object>, List<SampleRow>> groups) {
    TreeSet<Long> times = new TreeSet<>();
    groups.keySet().forEach(key -> times.add((Long) key.get(0)));
    if (!query.context().skipEmptyBuckets() && !query.granularity().isNone()) {
      for (Interval interval : query.intervals()) {
        for (long t = interval.startMillis(); t < interval.endMillis(); t++) {
          times.add(bucket(query, t));
          if (query.granularity().isAll()) {
            break;
          }
          t = query.granularity().bucketEnd(query.granularity().bucketStart(t)) - 1;
        }
      }
    }
    List<ResultRow> rows = new ArrayList<>();
    List<SampleRow> all = new ArrayList<>();
    for (long time : query.descending() ? times.descendingSet() : times) {
      List<SampleRow> group = groups.getOrDefault(List.of((Object) time), List.of());
      all.addAll(group);
      if (query.limit() == 0 || rows.size() < query.limit()) {
        rows.add(new ResultRow(time, aggregates(query, group)));
      }
    }
    if (query.context().grandTotal()) {
      rows.add(new ResultRow(null, aggregates(query, all)));
    }
    return new QueryResult(QueryResult.Shape.TIMESERIES, names(query), rows);
  }

  private static QueryResult groupBy(
      GroupByQuery query, Map<List<Object>, List<SampleRow>> groups) {
    List<List<Object>> keys = new ArrayList<>(groups.keySet());
    keys.sort(NaiveEngine::compare);
    List<ResultRow> rows = new ArrayList<>();
    for (List<Object> key : keys) {
      List<Object> values = new ArrayList<>(key.subList(1, key.size()));
      values.addAll(aggregates(query, groups.get(key)));
      rows.add(new ResultRow((Long) key.get(0), values));
    }
    return new QueryResult(QueryResult.Shape.GROUP_BY, names(query), rows);
  }

  private static int compare(List<Object> left, List<Object> right) {
    Comparator<Object> order =
        Comparator.nullsFirst(
            (a, b) ->
                a instanceof String text
                    ? Arrays.compareUnsigned(utf8(text), utf8((String) b))
                    : a instanceof Long number
                        ? number.compareTo((Long) b)
                        : ((Double) a).compareTo((Double) b));
    for (int i = 0; i < left.size(); i++) {
      int comparison = order.compare(left.get(i), right.get(i));
      if (comparison != 0) {
        return comparison;
      }
    }
    return 0;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> names(AggregateQuery query) {
    List<String> names = new ArrayList<>();
    query.dimensions().forEach(dimension -> names.add(dimension.outputName()));
    query.aggregations().forEach(aggregation -> names.add(aggregation.name()));
    return names;
  }

  private static long bucket(AggregateQuery query, long millis) {
    return query.granularity().isAll()
        ? query.intervals().get(0).startMillis()
        : query.granularity().bucketStart(millis);
  }

  private static List<List<Object>> keys(AggregateQuery query, SampleRow row) {
    List<List<Object>> keys = List.of(List.of((Object) bucket(query, row.timeMillis())));
    for (GroupDimension dimension : query.dimensions()) {
      List<List<Object>> longer = new ArrayList<>();
      for (List<Object> key : keys) {
        for (Object value : values(row, dimension.column())) {
          List<Object> one = new ArrayList<>(key);
          one.add(convert(value, dimension.outputType()));
          longer.add(one);
        }
      }
      keys = longer;
    }
    return keys;
  }

  private static Object convert(Object value, ColumnType type) {
    if (value == null || value instanceof String) {
      return value;
    }
    return switch (type) {
      case STRING -> value.toString();
      case LONG -> ((Number) value).longValue();
      case DOUBLE -> ((Number) value).doubleValue();
    };
  }

  private static List<?> values(SampleRow row, String column) {
    Object value = row.value(column);
    return value instanceof List<?> || value instanceof String
        ? row.strings(column)
        : Collections.singletonList(value);
  }

  private static List<Object> aggregates(AggregateQuery query, List<SampleRow> rows) {
    List<Object> results = new ArrayList<>();
    for (Aggregation aggregation : query.aggregations()) {
      List<Number> inputs = new ArrayList<>();
      for (SampleRow row : rows) {
        if (aggregation.fieldName() != null && row.value(aggregation.fieldName()) != null) {
          inputs.add((Number) row.value(aggregation.fieldName()));
        }
      }
      results.add(
          aggregation.kind() == Aggregation.Kind.COUNT
              ? (Object) (long) rows.size()
              : inputs.isEmpty() ? null : aggregate(aggregation.kind(), inputs));
    }
    return results;
  }

  private static Object aggregate(Aggregation.Kind kind, List<Number> inputs) {
    return switch (kind) {
      case LONG_SUM -> inputs.stream().mapToLong(Number::longValue).sum();
      case LONG_MIN -> inputs.stream().mapToLong(Number::longValue).min().getAsLong();
      case LONG_MAX -> inputs.stream().mapToLong(Number::longValue).max().getAsLong();
      // Test values are multiples of 1/64, so that any order gives the same sum.
      case DOUBLE_SUM -> inputs.stream().mapToDouble(Number::doubleValue).sum();
      case DOUBLE_MIN -> inputs.stream().mapToDouble(Number::doubleValue).min().getAsDouble();
      case DOUBLE_MAX -> inputs.stream().mapToDouble(Number::doubleValue).max().getAsDouble();
      default -> throw new IllegalArgumentException(kind.jsonName());
    };
  }

  private static boolean isTrue(Filter filter, SampleRow row) {
    return Boolean.TRUE.equals(truth(filter, row));
  }

  /** True, false, or null for unknown. */
  private static Boolean truth(Filter filter, SampleRow row) {
    if (filter instanceof Filter.Not not) {
      Boolean inner = truth(not.field(), row);
      return inner == null ? null : !inner;
    }
    if (filter instanceof Filter.And and) {
      return any(and.fields().stream().map(field -> truth(field, row)).toList(), false);
    }
    if (filter instanceof Filter.Or or) {
      return any(or.fields().stream().map(field -> truth(field, row)).toList(), true);
    }
    Filter.OnColumn leaf = (Filter.OnColumn) filter;
    List<Boolean> truths = new ArrayList<>();
    values(row, leaf.dimension()).forEach(value -> truths.add(truthOf(leaf, value)));
    return any(truths, true);
  }

  /** {@code decisive} if one is; otherwise unknown if one is; otherwise the opposite. */
  private static Boolean any(List<Boolean> truths, boolean decisive) {
    if (truths.contains(decisive)) {
      return decisive;
    }
    return truths.contains(null) ? null : (Boolean) !decisive;
  }

  private static Boolean truthOf(Filter.OnColumn filter, Object value) {
    if (filter instanceof Filter.Selector selector) {
      return equal(value, selector.value());
    }
    if (filter instanceof Filter.In in) {
      if (value == null && in.values().contains(null)) {
        return true;
      }
      List<String> present = new ArrayList<>(in.values());
      present.remove(null);
      return value == null ? null : (Boolean) present.stream().anyMatch(v -> equal(value, v));
    }
    return value == null ? null : (Boolean) within((Filter.Bound) filter, value.toString());
  }

  private static Boolean equal(Object value, String asked) {
    if (value == null || asked == null) {
      return asked == null ? (Boolean) (value == null) : null;
    }
    if (value instanceof String) {
      return value.equals(asked);
    }
    BigDecimal number = number(asked);
    return number != null && number.compareTo(new BigDecimal(value.toString())) == 0;
  }

  private static boolean within(Filter.Bound bound, String value) {
    boolean numeric = bound.ordering() == Filter.Ordering.NUMERIC;
    if (numeric && number(value) == null) {
      return false;
    }
    int toLower = bound.lower() == null ? 1 : compare(value, bound.lower(), numeric);
    int toUpper = bound.upper() == null ? -1 : compare(value, bound.upper(), numeric);
    return (bound.lowerStrict() ? toLower > 0 : toLower >= 0)
        && (bound.upperStrict() ? toUpper < 0 : toUpper <= 0);
  }

  private static int compare(String left, String right, boolean numeric) {
    return numeric
        ? number(left).compareTo(number(right))
        : Arrays.compareUnsigned(utf8(left), utf8(right));
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
