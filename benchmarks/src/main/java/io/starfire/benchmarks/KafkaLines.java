package io.starfire.benchmarks;

import io.starfire.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** JSON rows of some 370 bytes in one partition, with the columns of TPC-H's lineitem. */
public final class KafkaLines {
  /** The topic and the data source. */
  public static final String TOPIC = "lines";

  private static final List<String> WORDS =
      List.of("carefully", "final", "deposits", "sleep", "quickly", "bold", "requests", "haggle");

  private static final List<String> INSTRUCTIONS =
      List.of("DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN");
  private static final List<String> MODES =
      List.of("REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB");

  private KafkaLines() {}

  /** Makes the topic and sends all rows; returns their bytes. */
  public static long send(EmbeddedKafka kafka, long seed, int rows) {
    kafka.createTopic(TOPIC, 1);
    Random random = new Random(seed);
    long bytes = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "linger.ms",
                "5",
                "batch.size",
                "131072"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int row = 0; row < rows; row++) {
        byte[] value = json(row, random);
        bytes += value.length;
        var unused = producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
      }
    }
    return bytes;
  }

  /** A row like one of TPC-H's lineitem. */
  static byte[] json(int row, Random random) {
    int day = random.nextInt(365 * 7);
    String date = "%04d-%02d-%02d".formatted(1992 + day / 365, 1 + day % 12, 1 + day % 28);
    StringBuilder comment = new StringBuilder();
    for (int word = 0; word < 3; word++) {
      comment.append(word == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return ("{\"l_orderkey\":\"%d\",\"l_partkey\":\"%d\",\"l_suppkey\":\"%d\",\"l_linenumber\":\"%d\","
            + "\"l_quantity\":%d,\"l_extendedprice\":%d.%02d,\"l_discount\":0.0%d,\"l_tax\":0.0%d,"
            + "\"l_returnflag\":\"%s\",\"l_linestatus\":\"%s\",\"l_shipdate\":\"%s\",\"l_commitdate\":\"%s\",\"l_receiptdate\":\"%s\",\"l_shipinstruct\":\"%s\",\"l_shipmode\":\"%s\",\"l_comment\":\"%s"
            + " %d\"}")
        .formatted(
            row / 4,
            random.nextInt(200_000),
            random.nextInt(10_000),
            row % 4 + 1,
            1 + random.nextInt(50),
            900 + random.nextInt(100_000),
            random.nextInt(100),
            random.nextInt(10),
            random.nextInt(9),
            "ANR".charAt(random.nextInt(3)),
            random.nextBoolean() ? "O" : "F",
            date,
            date,
            date,
            INSTRUCTIONS.get(random.nextInt(INSTRUCTIONS.size())),
            MODES.get(random.nextInt(MODES.size())),
            comment,
            random.nextInt(1_000_000))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The spec of a supervisor that reads them into the data source {@code lines}. */
  public static String supervisor(EmbeddedKafka kafka) {
    return supervisor(TOPIC, kafka.bootstrapServers());
  }

  /**
   * The spec of a supervisor that reads them from another topic into the data source of its name.
   */
  static String supervisor(String topic, String bootstrapServers) {
    return """
    {"type": "kafka", "spec": {
      "dataSchema": {
        "dataSource": "%s",
        "timestampSpec": {"column": "l_shipdate", "format": "iso"},
        "dimensionsSpec": {"dimensions": ["l_orderkey", "l_partkey", "l_suppkey", "l_linenumber",
          "l_returnflag", "l_linestatus", "l_shipdate", "l_commitdate", "l_receiptdate",
          "l_shipinstruct", "l_shipmode", "l_comment"]},
        "metricsSpec": [
          {"name": "count", "type": "count"},
          {"name": "L_QUANTITY", "fieldName": "l_quantity", "type": "longSum"},
          {"name": "L_EXTENDEDPRICE", "fieldName": "l_extendedprice", "type": "doubleSum"},
          {"name": "L_DISCOUNT", "fieldName": "l_discount", "type": "doubleSum"},
          {"name": "L_TAX", "fieldName": "l_tax", "type": "doubleSum"}],
        "granularitySpec": {"segmentGranularity": "YEAR", "queryGranularity": "NONE", "rollup": false}},
      "ioConfig": {
        "topic": "%s", "useEarliestOffset": true, "inputFormat": {"type": "json"},
        "consumerProperties": {"bootstrap.servers": "%s"}},
      "tuningConfig": {"type": "kafka"}}}
    """
        .formatted(topic, topic, bootstrapServers);
  }
}
