package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.Interval;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.access.Identity;
import io.starfire.serving.access.Role;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Druid's pages about data sources as queries see them, under {@code /druid/v2/datasources}, and
 * {@code /druid/v2/candidates}. A data source that does not exist has no columns and no segments
 * here, as in Druid.
 */
public final class DataSourceRoutes implements Routes {
  private static final String ROOT = "/druid/v2/datasources";

  private final Broker broker;
  private final JsonBodies bodies;

  /**
   * @param maxBodyBytes of a query
   */
  public DataSourceRoutes(Broker broker, int maxBodyBytes) {
    this.broker = broker;
    this.bodies = new JsonBodies(maxBodyBytes);
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.post("/druid/v2/candidates", Access.READ_NAMED, this::candidatesOfQuery);
    routes.get(ROOT, Access.READ_NAMED, this::dataSources);
    routes.get(ROOT + "/{name}", Access.READ_NAMED, this::columns);
    routes.get(
        ROOT + "/{name}/dimensions",
        Access.READ_NAMED,
        context -> answer(context, Columns.of(broker.view(), name(context)).dimensions));
    routes.get(
        ROOT + "/{name}/metrics",
        Access.READ_NAMED,
        context -> answer(context, Columns.of(broker.view(), name(context)).metrics));
    routes.get(ROOT + "/{name}/candidates", Access.READ_NAMED, this::candidates);
  }

  private static void answer(Context context, Object value) {
    JsonBodies.answer(context, 200, value);
  }

  /** Of the data source that the path names, if the caller may see it. */
  private static String name(Context context) {
    String name = context.pathParam("name");
    Callers.require(context, Role.READ, name);
    return name;
  }

  /** Those that the caller may see. */
  private void dataSources(Context context) {
    Identity caller = Callers.of(context);
    answer(
        context,
        broker.view().dataSources().stream().filter(name -> caller.may(Role.READ, name)).toList());
  }

  /** The JSON of a data source. */
  record Columns(Collection<String> dimensions, Collection<String> metrics) {
    static Columns of(View view, String name) {
      if (!view.dataSources().contains(name)) {
        return new Columns(List.of(), List.of());
      }
      DataSourceSchema schema = view.registration(name).schema();
      return new Columns(
          schema.dimensions().stream().map(DimensionSpec::name).toList(),
          schema.metrics().stream().map(MetricSpec::name).toList());
    }
  }

  /** With {@code full}, for each interval of what shows. */
  private void columns(Context context) {
    View view = broker.view();
    Columns columns = Columns.of(view, name(context));
    if (context.queryParam("full") == null) {
      answer(context, columns);
      return;
    }
    String asked = context.queryParam("interval");
    Interval within = asked == null ? Interval.ETERNITY : Interval.parse(asked);
    Map<String, Columns> intervals = new LinkedHashMap<>();
    if (view.dataSources().contains(name(context))) {
      for (TimelineObject<SegmentDescriptor> piece : view.lookup(name(context), within)) {
        intervals.put(piece.interval().toString(), columns);
      }
    }
    answer(context, intervals);
  }

  /** The segments that a query would read, and where they are: all are on this server. */
  private void candidatesOfQuery(Context context) {
    Query query = QueryParser.parse(bodies.bytes(context));
    Callers.require(context, Role.READ, query.dataSource().tables());
    answer(
        context,
        broker.candidates(query).stream().map(segment -> candidate(context, segment)).toList());
  }

  /** The same of the intervals that are given, with commas between them. */
  private void candidates(Context context) {
    View view = broker.view();
    String asked = context.queryParam("intervals");
    List<Interval> intervals =
        asked == null
            ? List.of(Interval.ETERNITY)
            : Arrays.stream(asked.split(",", -1)).map(Interval::parse).toList();
    Set<SegmentDescriptor> found = new LinkedHashSet<>();
    if (view.dataSources().contains(name(context))) {
      for (Interval interval : intervals) {
        for (TimelineObject<SegmentDescriptor> piece : view.lookup(name(context), interval)) {
          piece.objects().stream().filter(one -> !one.tombstone()).forEach(found::add);
        }
      }
    }
    List<Object> candidates = new ArrayList<>();
    found.forEach(segment -> candidates.add(candidate(context, segment)));
    answer(context, candidates);
  }

  private static Map<String, Object> candidate(Context context, SegmentDescriptor segment) {
    Map<String, Object> location = new LinkedHashMap<>();
    location.put("name", context.host());
    location.put("host", context.host());
    location.put("hostAndTlsPort", null);
    location.put("maxSize", 0);
    location.put("type", "historical");
    location.put("tier", "_default_tier");
    location.put("priority", 0);
    Map<String, Object> candidate = new LinkedHashMap<>();
    candidate.put("interval", segment.id().interval().toString());
    candidate.put("version", segment.id().version());
    candidate.put("partitionNumber", segment.id().partition());
    candidate.put("size", segment.sizeBytes());
    candidate.put("locations", List.of(location));
    return candidate;
  }
}
