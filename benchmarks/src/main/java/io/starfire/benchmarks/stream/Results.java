package io.starfire.benchmarks.stream;

import io.starfire.api.Pipeline;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.plan.Planner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what a contestant has committed, as it comes. Used by one thread. */
final class Results implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final String topic;
  private final List<TopicPartition> partitions;
  private final Reader reader;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RowSum sum = new RowSum();
  private final long[] rowEnds;

  /** Reads nothing yet. */
  Results(Broker broker, Contestant.Result result, String topic, int count) {
    this.topic = topic;
    partitions = Broker.partitions(topic, count);
    reader = reader(result);
    rowEnds = new long[count];
    consumer = broker.consumer(Map.of("max.poll.records", "10000", "fetch.min.bytes", "1"));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private interface Reader {
    void add(RowSum sum, byte[] value);
  }

  /** The sum over all rows that are committed by now. */
  RowSum read() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long startNanos = System.nanoTime();
    while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        reader.add(sum, record.value());
        rowEnds[record.partition()] = record.offset() + 1;
      }
      if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
        throw new StarfireException(
            ErrorCode.TIMEOUT, "topic %s was not read within %s".formatted(topic, LIMIT));
      }
    }
    return sum;
  }

  /** Whether no row that was read stands at or behind the ends of the partitions. */
  boolean areBefore(long[] ends) {
    for (int i = 0; i < ends.length; i++) {
      if (rowEnds[i] > ends[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static Reader reader(Contestant.Result result) {
    return switch (result) {
      case JSON -> Results::addJson;
      case PLAIN_JOIN -> {
        DataRowCodec codec = codec(PlainJoin.class);
        yield (sum, value) -> addPlainJoin(sum, codec.decode(value));
      }
      case AD_EVENTS -> {
        DataRowCodec codec = codec(AdEvents.class);
        yield (sum, value) -> addAdEvent(sum, codec.decode(value));
      }
    };
  }

  /** Of the rows of a pipeline with one data source. */
  static DataRowCodec codec(Class<? extends Pipeline> pipeline) {
    return DataRowCodec.of(
        Planner.plan(pipeline.getName(), pipeline.getClassLoader())
            .dataSources()
            .get(0)
            .dataSource()
            .schema());
  }

  private static void addJson(RowSum sum, byte[] value) {
    RawAd row = RawAd.parse(value);
    sum.add(row.id(), row.advertiser(), row.publisher(), row.city(), row.price(), row.clicks());
  }

  private static void addPlainJoin(RowSum sum, DataRow row) {
    sum.add(
        (String) row.dimension(0),
        (String) row.dimension(1),
        (String) row.dimension(2),
        (String) row.dimension(3),
        row.doubleMetric(1),
        row.longMetric(0));
  }

  /** Metrics are the count, clicks and revenue; the name of the advertiser is a lookup's. */
  private static void addAdEvent(RowSum sum, DataRow row) {
    sum.add(
        null,
        null,
        (String) row.dimension(1),
        (String) row.dimension(2),
        row.doubleMetric(2),
        row.longMetric(1));
  }
}
