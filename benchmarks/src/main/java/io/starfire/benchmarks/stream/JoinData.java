package io.starfire.benchmarks.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Impressions and clicks from a seed. They are sent in the order of arrival, which is up to a
 * minute after the event. An impression has at most one click, so that systems whose join gives a
 * result for each click give one result an impression too; one click in fifty comes after the
 * window. Nothing is late, null or broken. Immutable after construction.
 */
final class JoinData {
  static final Duration WINDOW = Duration.ofMinutes(15);
  static final Duration LATENESS = Duration.ofMinutes(5);
  private static final long START = Instant.parse("2025-01-10T00:00:00Z").toEpochMilli();
  private static final int DISORDER_MILLIS = 60_000;
  private static final int SOON_MILLIS = 14 * 60_000;
  private static final int TOO_LATE_MILLIS = 16 * 60_000;
  private static final int TOO_LATE_EVERY = 50;

  /** An arrival is its milliseconds since the start, and below these bits the event's number. */
  private static final int NUMBER_BITS = 24;

  private static final int ADVERTISERS = 40;
  private static final int SITES = 997;
  private static final String[] CITIES = {"Kathmandu", "Pokhara", "Lalitpur", "Butwal", "Dharan"};

  private final int impressions;
  private final int clicks;
  private final Duration span;
  private final long[] servedMillis;
  private final int[] clicked;
  private final long[] clickedMillis;
  private final long[] arrivals;

  /**
   * @param impressions at least 1
   * @param clicks at most as many as there are impressions
   * @param span of the event times of impressions
   */
  JoinData(long seed, int impressions, int clicks, Duration span) {
    if (impressions < 1 || clicks < 0 || clicks > impressions) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "there must be an impression, and at most as many clicks as impressions, got %d and %d"
              .formatted(impressions, clicks));
    }
    if ((long) impressions + clicks >= 1 << NUMBER_BITS) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "impressions and clicks must be fewer than %,d together, got %,d"
              .formatted(1 << NUMBER_BITS, (long) impressions + clicks));
    }
    this.impressions = impressions;
    this.clicks = clicks;
    this.span = span;
    SplittableRandom random = new SplittableRandom(seed);
    servedMillis = new long[impressions];
    for (int i = 0; i < impressions; i++) {
      servedMillis[i] =
          START + (long) ((double) i / impressions * span.toMillis()) + random.nextInt(1_000);
    }
    clicked = new int[clicks];
    clickedMillis = new long[clicks];
    for (int click = 0; click < clicks; click++) {
      long first = (long) click * impressions / clicks;
      long next = (click + 1L) * impressions / clicks;
      clicked[click] = (int) (first + random.nextInt((int) (next - first)));
      int after =
          click % TOO_LATE_EVERY == 0
              ? TOO_LATE_MILLIS + random.nextInt(60_000)
              : random.nextInt(SOON_MILLIS);
      clickedMillis[click] = servedMillis[clicked[click]] + after;
    }
    arrivals = new long[impressions + clicks];
    for (int number = 0; number < arrivals.length; number++) {
      long arrival = timeMillis(number) - START + random.nextInt(DISORDER_MILLIS);
      arrivals[number] = arrival << NUMBER_BITS | number;
    }
    Arrays.sort(arrivals);
  }

  /** Raw records, without those that close the windows. */
  int size() {
    return arrivals.length;
  }

  int impressions() {
    return impressions;
  }

  /** Sends all records to two topics. */
  void send(Producer<byte[], byte[]> producer, Topics topics) {
    for (long arrival : arrivals) {
      int number = (int) (arrival & ((1 << NUMBER_BITS) - 1));
      if (number < impressions) {
        byte[] value = impression(id(number), servedMillis[number], number);
        send(producer, topics.impressions(), null, servedMillis[number], id(number), value);
      } else {
        String id = id(clicked[number - impressions]);
        long time = clickedMillis[number - impressions];
        send(producer, topics.clicks(), null, time, id, click(id, time));
      }
    }
    producer.flush();
  }

  /**
   * Sends an impression and a click to each partition whose event time is beyond every window. They
   * have no result of their own.
   */
  void close(Producer<byte[], byte[]> producer, Topics topics) {
    long time = START + span.plusMinutes(40).toMillis();
    for (int partition = 0; partition < topics.partitions(); partition++) {
      String id = "closing-" + partition;
      send(producer, topics.impressions(), partition, time, id, impression(id, time, partition));
      send(producer, topics.clicks(), partition, time, id + "-click", click(id + "-click", time));
    }
    producer.flush();
  }

  /** What a join must give: each impression with all its clicks. */
  RowSum joined() {
    return expected(true);
  }

  /** What {@code AdEvents} must give, of what the benchmark compares. */
  RowSum adEvents() {
    return expected(false);
  }

  private RowSum expected(boolean withIds) {
    byte[] clicksOf = new byte[impressions];
    for (int click = 0; click < clicks; click++) {
      int of = clicked[click];
      if (clickedMillis[click] <= servedMillis[of] + WINDOW.toMillis()) {
        clicksOf[of]++;
      }
    }
    RowSum sum = new RowSum();
    for (int i = 0; i < impressions; i++) {
      sum.add(
          withIds ? id(i) : null,
          withIds ? advertiser(i) : null,
          publisher(i),
          city(i),
          price(i),
          clicksOf[i]);
    }
    return sum;
  }

  static byte[] impression(String id, long timeMillis, int number) {
    String json =
        "{\"impressionId\":\""
            + id
            + "\",\"servedAt\":\""
            + Times.format(timeMillis)
            + "\",\"advertiserId\":\""
            + advertiser(number)
            + "\",\"publisher\":\""
            + publisher(number)
            + "\",\"city\":\""
            + city(number)
            + "\",\"price\":"
            + price(number)
            + "}";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] click(String id, long timeMillis) {
    String json =
        "{\"impressionId\":\""
            + id
            + "\",\"clickedAt\":\""
            + Times.format(timeMillis)
            + "\",\"agent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101"
            + " Firefox/140.0\"}";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  static String id(int number) {
    return "imp-" + HexFormat.of().toHexDigits(RowSum.mix(number + 1L));
  }

  private static String advertiser(int number) {
    int rank = number % ADVERTISERS + 1;
    return rank < 10 ? "adv-0" + rank : "adv-" + rank;
  }

  private static String publisher(int number) {
    return "https://www.site-" + number % SITES + ".example/news";
  }

  private static String city(int number) {
    return CITIES[number % CITIES.length];
  }

  private static double price(int number) {
    return number % 64 / 64.0;
  }

  private long timeMillis(int number) {
    return number < impressions ? servedMillis[number] : clickedMillis[number - impressions];
  }

  private static void send(
      Producer<byte[], byte[]> producer,
      String topic,
      Integer partition,
      long timeMillis,
      String id,
      byte[] value) {
    byte[] key = id.getBytes(StandardCharsets.UTF_8);
    var unused = producer.send(new ProducerRecord<>(topic, partition, timeMillis, key, value));
  }
}
