package io.starfire.benchmarks.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** A server that takes Druid's native queries at {@code POST /druid/v2}. */
final class HttpPeer implements Peer {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int OK = 200;

  private final String name;
  private final URI uri;
  private final String dataSource;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpPeer(String name, String url, String dataSource) {
    this.name = name;
    this.uri = URI.create(url.replaceFirst("/+$", "") + "/druid/v2");
    this.dataSource = dataSource;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long time(PeerQuery query) {
    return timeText(query.nativeJson(dataSource));
  }

  /** As {@link #time}, for a query that is JSON already. */
  long timeText(String query) {
    HttpRequest request = request(query);
    long start = System.nanoTime();
    HttpResponse<byte[]> response = send(request);
    long took = System.nanoTime() - start;
    check(response);
    return took;
  }

  @Override
  public List<List<Object>> answer(PeerQuery query) {
    HttpResponse<byte[]> response = send(request(query.nativeJson(dataSource)));
    check(response);
    List<List<Object>> rows = new ArrayList<>();
    try {
      for (JsonNode element : MAPPER.readTree(response.body())) {
        addRows(element, query.compare(), rows);
      }
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.WRONG_RESULT, "%s did not answer with JSON: %s".formatted(name, e), e);
    }
    return rows;
  }

  /** An element holds a row (timeseries, groupBy) or a list of them (topN, search). */
  private static void addRows(JsonNode element, List<String> columns, List<List<Object>> rows) {
    JsonNode result = element.has("event") ? element.get("event") : element.path("result");
    if (result.isArray()) {
      result.forEach(row -> rows.add(values(row, columns)));
    } else {
      rows.add(values(result, columns));
    }
  }

  private static List<Object> values(JsonNode row, List<String> columns) {
    List<Object> values = new ArrayList<>();
    for (String column : columns) {
      JsonNode value = row.path(column);
      values.add(value.isNumber() ? (Object) value.doubleValue() : value.asText());
    }
    return values;
  }

  private HttpRequest request(String query) {
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(query))
        .build();
  }

  private void check(HttpResponse<byte[]> response) {
    if (response.statusCode() == OK) {
      return;
    }
    String message;
    try {
      JsonNode error = MAPPER.readTree(response.body());
      message = error.path("errorMessage").asText(error.path("error").asText(error.toString()));
    } catch (IOException e) {
      message = "no JSON";
    }
    throw new UnsupportedQueryException(
        "status %d: %s".formatted(response.statusCode(), message.replaceAll("\\s+", " ")));
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "%s at %s does not answer: %s".formatted(name, uri, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted", e);
    }
  }

  @Override
  public void close() {
    // The client ends with the process.
  }
}
