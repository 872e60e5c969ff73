package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.process.Talk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/**
 * Kafka Streams' own {@code leftJoin} in a process of its own. Arguments: address, topics of
 * impressions, clicks and results, consumer group, milliseconds between commits, {@code rocksdb} or
 * {@code memory}, working directory.
 *
 * <p>It gives a result for each pair at once, and one without a click when window and grace are
 * over. It does the same work as the others only because no impression has two clicks; it does not
 * have to wait with the results that have one. It needs no repartition topics here, because both
 * topics are keyed and partitioned by the key of the join.
 */
public final class DslMain {
  private DslMain() {}

  public static void main(String[] arguments) throws IOException {
    StreamsBuilder builder = new StreamsBuilder();
    boolean rocksDb = arguments[6].equals("rocksdb");
    join(builder, new Topics(arguments[1], arguments[2], Topics.PARTITIONS), arguments[3], rocksDb);
    Properties properties = new Properties();
    properties.put("bootstrap.servers", arguments[0]);
    properties.put("application.id", arguments[4]);
    properties.put("processing.guarantee", "exactly_once_v2");
    properties.put("commit.interval.ms", Long.parseLong(arguments[5]));
    properties.put("state.dir", Path.of(arguments[7], "state").toString());
    properties.put("replication.factor", 1);
    properties.put("num.stream.threads", 1);
    properties.put("auto.offset.reset", "earliest");
    // max.task.idle.ms stays 0: a task waits for what the broker has, and joins in order of time.
    try (KafkaStreams streams = new KafkaStreams(builder.build(properties), properties)) {
      streams.setUncaughtExceptionHandler(
          failure -> {
            failure.printStackTrace(System.err);
            Runtime.getRuntime().halt(1);
            return null;
          });
      streams.start();
      Talk.untilInputEnds(arguments[4] + " " + arguments[3]);
      streams.close(Duration.ofSeconds(10));
    }
    System.exit(0);
  }

  private static void join(StreamsBuilder builder, Topics topics, String results, boolean rocksDb) {
    Serde<byte[]> bytes = Serdes.ByteArray();
    KStream<byte[], byte[]> impressions = read(builder, topics.impressions());
    KStream<byte[], byte[]> clicks = read(builder, topics.clicks());
    JoinWindows windows =
        JoinWindows.ofTimeDifferenceAndGrace(JoinData.WINDOW, JoinData.LATENESS)
            .before(Duration.ZERO);
    impressions
        .leftJoin(
            clicks,
            (impression, click) -> RawAd.result(impression, click == null ? 0 : 1),
            windows,
            StreamJoined.with(bytes, bytes, bytes)
                .withName("clicked")
                .withStoreName("clicked")
                .withDslStoreSuppliers(
                    rocksDb
                        ? BuiltInDslStoreSuppliers.ROCKS_DB
                        : BuiltInDslStoreSuppliers.IN_MEMORY))
        .to(results, Produced.with(bytes, bytes));
  }

  /** As all others do, it decodes each record and takes the key from what it decoded. */
  private static KStream<byte[], byte[]> read(StreamsBuilder builder, String topic) {
    Serde<byte[]> bytes = Serdes.ByteArray();
    return builder.stream(topic, Consumed.with(bytes, bytes))
        .filter(
            (key, value) ->
                RawAd.parse(value).id().length()
                    == new String(key, StandardCharsets.UTF_8).length());
  }
}
