package io.starfire.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.protocol.StarfireClient;
import java.nio.charset.StandardCharsets;
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
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final StarfireClient client;
  private final List<Interval> hours;
  private final String body;

  HourQuery(int port, Interval interval) {
    this.client = new StarfireClient("http://127.0.0.1:" + port, "--port", REQUEST_TIMEOUT);
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
    {"type":"doubleSum","name":"revenue","fieldName":"revenue"}]}\
    """
        .formatted(interval);
  }

  /**
   * The numbers of each hour in order.
   *
   * @throws StarfireException if the server does not answer, or with an error
   */
  List<HourNumbers> ask() {
    JsonNode answer = client.post("druid/v2", body.getBytes(StandardCharsets.UTF_8));
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
}
