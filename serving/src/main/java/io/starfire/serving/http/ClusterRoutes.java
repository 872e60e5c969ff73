package io.starfire.serving.http;

import io.javalin.http.Context;
import io.starfire.common.Interval;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.inventory.SegmentEntry;
import io.starfire.serving.inventory.ServerEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Druid's pages of the coordinator that only read, under {@code /druid/coordinator/v1}: data
 * sources, segments, servers. The pages under {@code metadata} list what is stored and shows; the
 * others what of that is loaded.
 */
public final class ClusterRoutes implements Routes {
  private static final String ROOT = "/druid/coordinator/v1";
  private static final String OF_ONE = ROOT + "/datasources/{name}";
  private static final String STORED = ROOT + "/metadata";
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;
  private static final Comparator<Interval> NEWEST_FIRST = Comparator.<Interval>reverseOrder();

  private final Inventory inventory;

  public ClusterRoutes(Inventory inventory) {
    this.inventory = inventory;
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.get(ROOT + "/datasources", Access.READ, this::dataSources);
    routes.get(OF_ONE, Access.READ, this::dataSource);
    routes.get(OF_ONE + "/intervals", Access.READ, this::intervalsOfOne);
    routes.get(
        OF_ONE + "/segments", Access.READ, context -> segments(context, loaded(name(context))));
    routes.get(
        OF_ONE + "/segments/{segment}",
        Access.READ,
        context -> segment(context, loaded(name(context))));
    routes.get(OF_ONE + "/loadstatus", Access.READ, this::loadStatusOfOne);
    routes.get(OF_ONE + "/tiers", Access.READ, context -> answer(context, tiers()));
    routes.get(
        STORED + "/datasources",
        Access.READ,
        context -> answer(context, byDataSource(stored()).keySet()));
    routes.get(STORED + "/datasources/{name}", Access.READ, this::storedDataSource);
    routes.get(
        STORED + "/datasources/{name}/segments",
        Access.READ,
        context -> segments(context, stored(name(context))));
    routes.get(
        STORED + "/datasources/{name}/segments/{segment}",
        Access.READ,
        context -> segment(context, stored(name(context))));
    routes.get(STORED + "/segments", Access.READ, this::storedSegments);
    routes.get(ROOT + "/servers", Access.READ, this::servers);
    routes.get(ROOT + "/tiers", Access.READ, context -> answer(context, tiers()));
    routes.get(ROOT + "/loadstatus", Access.READ, this::loadStatus);
    routes.get(ROOT + "/intervals", Access.READ, this::intervals);
    routes.get(ROOT + "/rules", Access.READ, context -> answer(context, rules()));
    routes.get(ROOT + "/leader", Access.READ, this::leader);
    routes.get(ROOT + "/isLeader", Access.READ, context -> answer(context, Map.of("leader", true)));
  }

  private static void answer(Context context, Object value) {
    JsonBodies.answer(context, 200, value);
  }

  private static String name(Context context) {
    return context.pathParam("name");
  }

  private static boolean has(Context context, String parameter) {
    return context.queryParam(parameter) != null;
  }

  private List<SegmentEntry> stored() {
    return where(inventory.published(), SegmentEntry::active);
  }

  private List<SegmentEntry> stored(String dataSource) {
    return where(inventory.published(dataSource), SegmentEntry::active);
  }

  private List<SegmentEntry> loaded() {
    return where(stored(), SegmentEntry::available);
  }

  private List<SegmentEntry> loaded(String dataSource) {
    return where(stored(dataSource), SegmentEntry::available);
  }

  private static List<SegmentEntry> where(
      List<SegmentEntry> segments, Predicate<SegmentEntry> wanted) {
    return segments.stream().filter(wanted).toList();
  }

  private static Map<String, List<SegmentEntry>> byDataSource(List<SegmentEntry> segments) {
    Map<String, List<SegmentEntry>> found = new TreeMap<>();
    segments.forEach(
        segment ->
            found.computeIfAbsent(segment.dataSource(), unused -> new ArrayList<>()).add(segment));
    return found;
  }

  private void dataSources(Context context) {
    Map<String, List<SegmentEntry>> found = byDataSource(loaded());
    if (has(context, "full")) {
      List<Object> all = new ArrayList<>();
      found.forEach((name, segments) -> all.add(full(name, segments)));
      answer(context, all);
    } else if (has(context, "simple")) {
      List<Object> all = new ArrayList<>();
      found.forEach(
          (name, segments) -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", name);
            json.put("properties", SegmentJson.dataSource(segments));
            all.add(json);
          });
      answer(context, all);
    } else {
      answer(context, found.keySet());
    }
  }

  private static Map<String, Object> full(String name, List<SegmentEntry> segments) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("properties", Map.of());
    json.put("segments", segments.stream().map(SegmentJson::segment).toList());
    return json;
  }

  /** Of a data source without segments, nothing, as in Druid. */
  private void dataSource(Context context) {
    List<SegmentEntry> segments = loaded(name(context));
    if (segments.isEmpty()) {
      context.status(NO_CONTENT);
    } else if (has(context, "full")) {
      answer(context, full(name(context), segments));
    } else {
      answer(context, SegmentJson.dataSource(segments));
    }
  }

  private void storedDataSource(Context context) {
    List<SegmentEntry> segments = stored(name(context));
    if (segments.isEmpty()) {
      context.status(NOT_FOUND);
    } else {
      answer(context, full(name(context), segments));
    }
  }

  private static void segments(Context context, List<SegmentEntry> segments) {
    answer(
        context,
        has(context, "full")
            ? segments.stream().map(SegmentJson::segment).toList()
            : segments.stream().map(SegmentEntry::id).toList());
  }

  private static void segment(Context context, List<SegmentEntry> segments) {
    segments.stream()
        .filter(segment -> segment.id().equals(context.pathParam("segment")))
        .findFirst()
        .ifPresentOrElse(
            segment -> answer(context, SegmentJson.segment(segment)),
            () -> context.status(NO_CONTENT));
  }

  private void storedSegments(Context context) {
    List<String> asked = context.queryParams("datasources");
    answer(
        context,
        stored().stream()
            .filter(segment -> asked.isEmpty() || asked.contains(segment.dataSource()))
            .map(SegmentJson::segment)
            .toList());
  }

  private static Map<Interval, List<SegmentEntry>> byInterval(List<SegmentEntry> segments) {
    Map<Interval, List<SegmentEntry>> found = new TreeMap<>(NEWEST_FIRST);
    segments.forEach(
        segment ->
            found.computeIfAbsent(segment.interval(), unused -> new ArrayList<>()).add(segment));
    return found;
  }

  private void intervalsOfOne(Context context) {
    List<SegmentEntry> segments = loaded(name(context));
    if (segments.isEmpty()) {
      context.status(NO_CONTENT);
      return;
    }
    Map<Interval, List<SegmentEntry>> found = byInterval(segments);
    if (!has(context, "simple") && !has(context, "full")) {
      answer(context, found.keySet().stream().map(Interval::toString).toList());
      return;
    }
    Map<String, Object> sizes = new LinkedHashMap<>();
    found.forEach((interval, of) -> sizes.put(interval.toString(), SegmentJson.sizes(of)));
    answer(context, sizes);
  }

  private void intervals(Context context) {
    Map<String, Object> all = new LinkedHashMap<>();
    byInterval(loaded())
        .forEach(
            (interval, segments) -> {
              Map<String, Object> sizes = new LinkedHashMap<>();
              byDataSource(segments).forEach((name, of) -> sizes.put(name, SegmentJson.sizes(of)));
              all.put(interval.toString(), sizes);
            });
    answer(context, all);
  }

  private void loadStatus(Context context) {
    answer(context, loadStatus(byDataSource(stored()), has(context, "simple")));
  }

  private void loadStatusOfOne(Context context) {
    List<SegmentEntry> segments = stored(name(context));
    if (segments.isEmpty()) {
      context.status(NO_CONTENT);
      return;
    }
    answer(context, loadStatus(Map.of(name(context), segments), has(context, "simple")));
  }

  /** The percentage that is loaded; or, if it is to be simple, how many segments are not. */
  private static Map<String, Number> loadStatus(
      Map<String, List<SegmentEntry>> dataSources, boolean simple) {
    Map<String, Number> status = new TreeMap<>();
    dataSources.forEach(
        (name, segments) -> {
          long available = segments.stream().filter(SegmentEntry::available).count();
          if (simple) {
            status.put(name, segments.size() - available);
          } else {
            status.put(name, 100.0 * available / segments.size());
          }
        });
    return status;
  }

  private void servers(Context context) {
    List<ServerEntry> holding =
        inventory.servers().stream().filter(server -> server.tier() != null).toList();
    if (!has(context, "simple") && !has(context, "full")) {
      answer(context, holding.stream().map(ServerEntry::name).distinct().toList());
      return;
    }
    List<Object> servers = new ArrayList<>();
    for (ServerEntry server : holding) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("host", server.name());
      json.put("tier", server.tier());
      json.put("type", server.type().equals("indexer") ? "indexer-executor" : server.type());
      json.put("priority", 0);
      json.put("currSize", server.usedBytes());
      json.put("maxSize", server.maxBytes());
      servers.add(json);
    }
    answer(context, servers);
  }

  private static List<String> tiers() {
    return List.of(ServerEntry.TIER);
  }

  /** There are none yet: everything is kept, once. */
  private static Map<String, Object> rules() {
    Map<String, Object> forever = new LinkedHashMap<>();
    forever.put("tieredReplicants", Map.of(ServerEntry.TIER, 1));
    forever.put("useDefaultTierForNull", true);
    forever.put("type", "loadForever");
    return Map.of("_default", List.of(forever));
  }

  private void leader(Context context) {
    context.contentType("text/plain; charset=utf-8").result("http://" + inventory.place().name());
  }
}
