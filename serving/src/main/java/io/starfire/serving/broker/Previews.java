package io.starfire.serving.broker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.PublicationStatus;
import io.starfire.segment.MetricMath;
import io.starfire.serving.broker.Preview.Bucket;
import io.starfire.serving.broker.Preview.Change;
import io.starfire.serving.broker.Preview.Values;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.query.result.ResultRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what a staged publication would show with what is visible now. For each data source it
 * asks two queries on the same view, one of them with the publication. Changes nothing.
 * Thread-safe.
 */
public final class Previews {
  /** How often both queries are asked until they get the same view; then the preview fails. */
  private static final int ATTEMPTS = 5;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Coordinator coordinator;
  private final Broker broker;

  public Previews(Coordinator coordinator, Broker broker) {
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
        Side staged = ask(status, dataSource, Optional.of(publicationId));
        Side now = ask(status, dataSource, Optional.empty());
        views.add(staged.viewNumber);
        views.add(now.viewNumber);
        if (views.size() > 1) {
          break;
        }
        dataSources.add(compare(dataSource, now, staged));
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

  private record Side(long viewNumber, List<ResultRow> rows) {}

  private Side ask(PublicationStatus status, String dataSource, Optional<String> publication) {
    DataSourceSchema schema = schema(dataSource);
    ObjectNode query = JSON.createObjectNode();
    query.put("queryType", "timeseries");
    query.put("dataSource", dataSource);
    query.put("granularity", schema.segmentGranularity().jsonName());
    ArrayNode intervals = query.putArray("intervals");
    status.intervals().forEach(interval -> intervals.add(interval.toString()));
    ArrayNode aggregations = query.putArray("aggregations");
    aggregations.addObject().put("type", "count").put("name", "rows");
    for (int i = 0; i < schema.metrics().size(); i++) {
      MetricSpec metric = schema.metrics().get(i);
      aggregations
          .addObject()
          .put("type", metric.aggregation().combiningTypeName())
          .put("name", "metric " + i)
          .put("fieldName", metric.name());
    }
    ObjectNode context = query.putObject("context");
    publication.ifPresent(id -> context.put("starfirePublication", id));
    ResponseContext response = new ResponseContext();
    QueryResult result =
        broker.run(QueryParser.parse(query.toString().getBytes(StandardCharsets.UTF_8)), response);
    return new Side((Long) response.get(ResponseContext.VIEW).orElseThrow(), result.rows());
  }

  private DataSourceSchema schema(String dataSource) {
    return broker.view().registration(dataSource).schema();
  }

  private Preview.OfDataSource compare(String dataSource, Side now, Side staged) {
    DataSourceSchema schema = schema(dataSource);
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < now.rows.size(); i++) {
      long start = now.rows.get(i).timeMillis();
      Interval bucket = schema.segmentGranularity().bucket(start);
      buckets.add(
          new Bucket(
              bucket, values(schema, now.rows.get(i).values(), staged.rows.get(i).values())));
    }
    return new Preview.OfDataSource(
        dataSource,
        schema.segmentGranularity(),
        buckets,
        values(schema, total(schema, now.rows), total(schema, staged.rows)));
  }

  private static Values values(DataSourceSchema schema, List<?> now, List<?> staged) {
    Map<String, Change> metrics = new LinkedHashMap<>();
    for (int i = 0; i < schema.metrics().size(); i++) {
      MetricSpec metric = schema.metrics().get(i);
      metrics.put(
          metric.name(),
          change(
              metric.aggregation().isSum(), (Number) now.get(i + 1), (Number) staged.get(i + 1)));
    }
    return new Values(change(true, (Number) now.get(0), (Number) staged.get(0)), metrics);
  }

  private static Change change(boolean sum, Number now, Number staged) {
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

  /** Rows and metrics over all buckets; null if no bucket has a value. */
  private static List<Number> total(DataSourceSchema schema, List<ResultRow> rows) {
    List<Number> total = new ArrayList<>();
    for (int i = 0; i <= schema.metrics().size(); i++) {
      int column = i;
      MetricSpec.Aggregation how =
          i == 0 ? MetricSpec.Aggregation.COUNT : schema.metrics().get(i - 1).aggregation();
      total.add(
          rows.stream()
              .map(row -> (Number) row.values().get(column))
              .filter(Objects::nonNull)
              .reduce((one, other) -> combine(how, one, other))
              .orElse(null));
    }
    return total;
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
