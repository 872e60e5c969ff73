package io.starfire.benchmarks.flights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Asks a Starfire server over HTTP, as any client does. One thread. */
final class StarfireServer {
  private static final String INTERVAL = "2001-01-01/2001-07-02";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final String url;
  private long lastNanos;

  StarfireServer(int port) {
    this.url = "http://127.0.0.1:" + port;
  }

  /** Whether it answers. */
  boolean isUp() {
    try {
      return client
              .send(request("/status/health").GET().build(), BodyHandlers.discarding())
              .statusCode()
          == OK;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** How many flights can be queried; 0 while there is no data source yet. */
  long flights() {
    ObjectNode query = query("timeseries", "all");
    JsonNode answer = send(request("/druid/v2").POST(body(query)).build());
    return answer == null || answer.isEmpty() ? 0 : answer.get(0).at("/result/flights").asLong();
  }

  /** The numbers of each month of each of these origins. */
  Map<Cell, Numbers> numbers(List<String> origins) {
    ObjectNode query = query("groupBy", "month");
    query.putArray("dimensions").add("origin");
    ObjectNode filter = query.putObject("filter").put("type", "in").put("dimension", "origin");
    origins.forEach(filter.putArray("values")::add);
    long start = System.nanoTime();
    JsonNode answer = send(request("/druid/v2").POST(body(query)).build());
    lastNanos = System.nanoTime() - start;
    Map<Cell, Numbers> numbers = new TreeMap<>();
    for (JsonNode row : answer) {
      JsonNode event = row.get("event");
      numbers.put(
          new Cell(row.get("timestamp").asText().substring(0, 7), event.get("origin").asText()),
          new Numbers(
              event.get("flights").asLong(),
              event.get("distance").asLong(),
              event.get("delay").asLong()));
    }
    return numbers;
  }

  /** How long the last {@link #numbers} took, in milliseconds. */
  double lastMillis() {
    return lastNanos / 1e6;
  }

  /**
   * What answers, apart from live rows.
   *
   * @param rows of stored segments
   * @param segments their number
   * @param kinds realtime, batch, tombstone
   * @param versions of the segments
   */
  record Shown(long rows, long segments, TreeSet<String> kinds, TreeSet<String> versions) {}

  Shown shown() {
    JsonNode answer =
        send(request("/starfire/v1/timeline/flights?interval=" + INTERVAL).GET().build());
    long rows = 0;
    long segments = 0;
    TreeSet<String> kinds = new TreeSet<>();
    TreeSet<String> versions = new TreeSet<>();
    for (JsonNode piece : answer.get("pieces")) {
      rows += piece.get("rows").asLong();
      segments += piece.get("partitions").asLong();
      kinds.add(piece.get("kind").asText());
      versions.add(piece.get("version").asText());
    }
    return new Shown(rows, segments, kinds, versions);
  }

  private ObjectNode query(String type, String granularity) {
    ObjectNode query = mapper.createObjectNode();
    query.put("queryType", type).put("dataSource", "flights").put("granularity", granularity);
    query.putArray("intervals").add(INTERVAL);
    ArrayNode aggregations = query.putArray("aggregations");
    for (String name : List.of("flights", "distance", "delay")) {
      aggregations.addObject().put("type", "longSum").put("name", name).put("fieldName", name);
    }
    return query;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Content-Type", "application/json");
  }

  private HttpRequest.BodyPublisher body(ObjectNode query) {
    return BodyPublishers.ofString(query.toString());
  }

  /** The answer, or null if what was asked about does not exist. */
  private JsonNode send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      JsonNode answer = mapper.readTree(response.body());
      if (response.statusCode() == NOT_FOUND) {
        return null;
      }
      if (response.statusCode() != OK) {
        throw new StarfireException(
            ErrorCode.UNAVAILABLE,
            "the server answered with status %d: %s".formatted(response.statusCode(), answer));
      }
      return answer;
    } catch (IOException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private StarfireException unavailable(IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE, "the server at %s does not answer: %s".formatted(url, e), e);
  }

  private static StarfireException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StarfireException(ErrorCode.CANCELED, "interrupted", e);
  }
}
