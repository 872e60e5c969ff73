package io.starfire.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks a server, over HTTP, for all metrics of all hours of an interval at once, as a user would.
 * Thread-safe.
 */
final class HourQuery {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int OK = 200;

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI route;
  private final List<Interval> hours;
  private final String body;

  HourQuery(int port, Interval interval) {
    this.route = URI.create("http://127.0.0.1:" + port + "/druid/v2");
    this.hours = Granularity.HOUR.bucketsIn(interval);
    this.body = text(interval);
  }

  /** The query as JSON, on one line, for a person to post. */
  static String text(Interval interval) {
    return """
        {"queryType":"timeseries","dataSource":"ad_events","granularity":"hour",\
        "intervals":["%s"],"aggregations":[\
        {"type":"longSum","name":"impressions","fieldName":"impressions"},\
        {"type":"longSum","name":"clicks","fieldName":"clicks"},\
        {"type":"doubleSum","name":"revenue","fieldName":"revenue"}]}"""
        .formatted(interval);
  }

  /**
   * The numbers of each hour in order.
   *
   * @throws StarfireException if the server does not answer, or with an error
   */
  List<HourNumbers> ask() {
    JsonNode answer = post();
    Map<Long, HourNumbers> byStart = new TreeMap<>();
    for (JsonNode bucket : answer) {
      JsonNode result = bucket.path("result");
      long impressions = result.path("impressions").asLong();
      byStart.put(
          Times.parse(bucket.path("timestamp").asText()),
          new HourNumbers(
              impressions,
              impressions,
              result.path("clicks").asLong(),
              result.path("revenue").asDouble()));
    }
    List<HourNumbers> numbers = new ArrayList<>();
    for (Interval hour : hours) {
      numbers.add(byStart.getOrDefault(hour.startMillis(), HourNumbers.NONE));
    }
    return List.copyOf(numbers);
  }

  private JsonNode post() {
    HttpRequest request =
        HttpRequest.newBuilder(route)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      JsonNode answer = mapper.readTree(response.body());
      if (response.statusCode() != OK) {
        throw new StarfireException(
            ErrorCode.UNAVAILABLE,
            "HTTP %d: %s"
                .formatted(
                    response.statusCode(), answer.path("errorMessage").asText("no message")));
      }
      return answer;
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the server did not answer a query (%s)".formatted(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "a query was interrupted", e);
    }
  }
}
