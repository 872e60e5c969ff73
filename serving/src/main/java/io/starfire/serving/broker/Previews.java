package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.PublicationStatus;
import io.starfire.segment.MetricMath;
import io.starfire.serving.broker.Preview.Bucket;
import io.starfire.serving.broker.Preview.Change;
import io.starfire.serving.broker.Preview.Values;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.query.result.ResultRow;
import io.starfire.serving.role.CoordinatorApi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a staged publication would show with what is visible now. For each data source it
 * asks two queries on the same view, one of them with the publication. Changes nothing.
 * Thread-safe.
 */
public final class Previews {
  /** How often both queries are asked until they get the same view; then the preview fails. */
  private static final int ATTEMPTS = 5;

  private final CoordinatorApi coordinator;
  private final Broker broker;

  public Previews(CoordinatorApi coordinator, Broker broker) {
    this.coordinator = coordinator;
    this.broker = broker;
  }

  /**
   * Makes a preview.
   *
   * @throws StarfireException with NOT_FOUND if there is no such publication; CONFLICT if it is not
   *     staged; UNAVAILABLE if not all of it is loaded yet; or the error of a query
   */
  public Preview of(String publicationId) {
    PublicationStatus status = coordinator.publication(publicationId);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Preview.OfDataSource> dataSources = new ArrayList<>();
      Set<Long> views = new TreeSet<>();
      for (String dataSource : status.dataSources()) {
        Optional<String> publication = Optional.of(publicationId);
        Granularity buckets = schema(dataSource, publication).segmentGranularity();
        Side staged = ask(status, dataSource, publication, buckets);
        Side now = ask(status, dataSource, Optional.empty(), buckets);
        views.add(staged.viewNumber);
        views.add(now.viewNumber);
        if (views.size() > 1) {
          break;
        }
        dataSources.add(compare(status, dataSource, buckets, now, staged));
      }
      if (views.size() == 1) {
        return new Preview(status.id(), views.iterator().next(), dataSources);
      }
    }
    throw new StarfireException(
        ErrorCode.UNAVAILABLE,
        "publication %s could not be compared with one view, since views changed all the time; try again"
            .formatted(publicationId));
  }

  /**
   * What one of the two queries gives.
   *
   * @param schema of the data source in the view that was asked
   * @param buckets for each bucket the number of rows, then the metrics of the schema
   */
  private record Side(long viewNumber, DataSourceSchema schema, List<ResultRow> buckets) {
    Number rows(List<?> values) {
      return (Number) values.get(0);
    }

    /** Null if the schema does not have it. */
    @Nullable Number metric(String name, List<?> values) {
      int index = index(name);
      return index < 0 ? null : (Number) values.get(index + 1);
    }

    private int index(String name) {
      for (int i = 0; i < schema.metrics().size(); i++) {
        if (schema.metrics().get(i).name().equals(name)) {
          return i;
        }
      }
      return -1;
    }

    /** What each bucket holds in which something shows. */
    Map<Long, List<?>> byStart() {
      Map<Long, List<?>> byStart = new HashMap<>();
      buckets.forEach(row -> byStart.put(row.bucketMillis(), row.values()));
      return byStart;
    }

    /** What a bucket holds in which nothing shows. */
    List<?> nothing() {
      List<@Nullable Object> nothing = new ArrayList<>(List.of(0L));
      nothing.addAll(Collections.nCopies(schema.metrics().size(), null));
      return nothing;
    }

    /** Whether it is a sum wherever it is known. */
    boolean isSum(String name) {
      int index = index(name);
      return index < 0 || schema.metrics().get(index).aggregation().isSum();
    }

    /** Rows and metrics over all buckets; null if no bucket has a value. */
    List<Number> total() {
      List<Number> total = new ArrayList<>();
      for (int i = 0; i <= schema.metrics().size(); i++) {
        int column = i;
        MetricSpec.Aggregation how =
            i == 0 ? MetricSpec.Aggregation.COUNT : schema.metrics().get(i - 1).aggregation();
        total.add(
            buckets.stream()
                .map(row -> (Number) row.values().get(column))
                // Estimates of sketches do not add up.
                .filter(value -> value != null && !how.isSketch())
                .reduce((one, other) -> combine(how, one, other))
                .orElse(i == 0 ? (Number) 0L : null));
      }
      return total;
    }
  }

  private Side ask(
      PublicationStatus status,
      String dataSource,
      Optional<String> publication,
      Granularity granularity) {
    DataSourceSchema schema = schema(dataSource, publication);
    List<Map<String, String>> aggregations = new ArrayList<>();
    aggregations.add(Map.of("type", "count", "name", "rows"));
    for (int i = 0; i < schema.metrics().size(); i++) {
      MetricSpec metric = schema.metrics().get(i);
      aggregations.add(
          Map.of(
              "type", metric.aggregation().combiningTypeName(),
              "name", "metric " + i,
              "fieldName", metric.name()));
    }
    String query =
        Json.write(
            Map.of(
                "queryType",
                "timeseries",
                "dataSource",
                dataSource,
                "granularity",
                granularity.jsonName(),
                "intervals",
                status.intervals().stream().map(Interval::toString).toList(),
                "aggregations",
                aggregations,
                "context",
                publication
                    .<Map<String, String>>map(id -> Map.of("starfirePublication", id))
                    .orElse(Map.of())));
    ResponseContext response = new ResponseContext();
    QueryResult result =
        broker.run(QueryParser.parse(query.getBytes(StandardCharsets.UTF_8)), response);
    return new Side((Long) response.get(ResponseContext.VIEW).orElseThrow(), schema, result.rows());
  }

  /** A publication may bring columns, and leave others out. */
  private DataSourceSchema schema(String dataSource, Optional<String> publication) {
    return broker.registration(dataSource, publication).schema();
  }

  private static Preview.OfDataSource compare(
      PublicationStatus status, String dataSource, Granularity granularity, Side now, Side staged) {
    Map<Long, List<?>> before = now.byStart();
    Map<Long, List<?>> after = staged.byStart();
    List<Bucket> buckets = new ArrayList<>();
    for (Interval interval : QueryChecks.condense(status.intervals())) {
      for (Interval bucket : granularity.bucketsIn(interval)) {
        long start = bucket.startMillis();
        buckets.add(
            new Bucket(
                bucket,
                values(
                    now,
                    before.getOrDefault(start, now.nothing()),
                    staged,
                    after.getOrDefault(start, staged.nothing()))));
      }
    }
    return new Preview.OfDataSource(
        dataSource, granularity, buckets, values(now, now.total(), staged, staged.total()));
  }

  private static Values values(Side now, List<?> before, Side staged, List<?> after) {
    Map<String, Change> metrics = new LinkedHashMap<>();
    for (Side side : List.of(now, staged)) {
      for (MetricSpec metric : side.schema.metrics()) {
        String name = metric.name();
        metrics.put(
            name,
            change(
                now.isSum(name) && staged.isSum(name),
                now.metric(name, before),
                staged.metric(name, after)));
      }
    }
    return new Values(change(true, now.rows(before), staged.rows(after)), metrics);
  }

  private static Change change(boolean sum, @Nullable Number now, @Nullable Number staged) {
    if (!sum && (now == null || staged == null)) {
      return new Change(now, staged, null);
    }
    if (now instanceof Double || staged instanceof Double) {
      double before = now == null ? 0 : now.doubleValue();
      return new Change(now, staged, (staged == null ? 0 : staged.doubleValue()) - before);
    }
    long before = now == null ? 0 : now.longValue();
    return new Change(now, staged, (staged == null ? 0 : staged.longValue()) - before);
  }

  private static Number combine(MetricSpec.Aggregation how, Number one, Number other) {
    if (how.type() == ColumnType.LONG) {
      return MetricMath.combine(how, one.longValue(), other.longValue());
    }
    return Double.longBitsToDouble(
        MetricMath.combine(
            how,
            Double.doubleToRawLongBits(one.doubleValue()),
            Double.doubleToRawLongBits(other.doubleValue())));
  }
}
