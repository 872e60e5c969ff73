package io.starfire.serving.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.decoding.RawRecord;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.ingest.DimensionCatalog;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.Waiting;
import io.starfire.serving.role.LivePiece;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One data source on a real broker, its node and a hand-written coordinator. */
final class RealtimeRig implements AutoCloseable {
  static final long START_MILLIS = 1_700_000_400_000L;
  private static final long HOUR = 3_600_000;

  final String topic;
  final FakeCoordination coordination = new FakeCoordination();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final DataSourceSchema schema =
      new DataSourceSchema(
          "events",
          List.of(new DimensionSpec("id", ColumnType.STRING)),
          List.of(
              new MetricSpec("count", MetricSpec.Aggregation.COUNT),
              new MetricSpec("value", MetricSpec.Aggregation.LONG_SUM)),
          Granularity.HOUR,
          Granularity.MINUTE,
          true);
  final LocalDeepStorage deepStorage;
  final Path directory;
  private final EmbeddedKafka kafka;
  private final KafkaProducer<byte[], byte[]> producer;
  private RealtimeNode node;

  RealtimeRig(EmbeddedKafka kafka, String topic, int partitions, Path directory) {
    this(kafka, topic, directory);
    kafka.createTopic(topic, partitions);
  }

  /** Without creating the topic. */
  RealtimeRig(EmbeddedKafka kafka, String topic, Path directory) {
    this.kafka = kafka;
    this.topic = topic;
    this.directory = directory;
    this.deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    this.producer = newProducer(Map.of());
  }

  KafkaProducer<byte[], byte[]> newProducer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  RealtimeNode start(UnaryOperator<RealtimeSettings.Builder> more) {
    return start(more, (record, isTaken) -> decode(record));
  }

  RealtimeNode start(UnaryOperator<RealtimeSettings.Builder> more, RowDecoder decoder) {
    open(more);
    node.add(new DataSourceRegistration(schema, topic), decoder);
    return node;
  }

  /** {@code number} or {@code number,dimension}: the dimension is found in the data. */
  void startDiscovering() {
    open(settings -> settings);
    DimensionCatalog catalog = new DimensionCatalog(schema, 10);
    node.start(
        new TopicFeed(
            new DataSourceRegistration(schema, topic),
            (record, isTaken) -> discover(record, catalog),
            catalog::schema,
            node.settings(),
            true),
        false);
  }

  private RowDecoder.Decoded discover(RawRecord record, DimensionCatalog catalog) {
    String[] parts = new String(record.value(), StandardCharsets.UTF_8).split(",");
    DataRow row = decode(RawRecord.ofValue(event(Integer.parseInt(parts[0])))).row();
    if (parts.length == 1) {
      return new RowDecoder.Decoded(row, catalog.schema());
    }
    assertThat(catalog.add(List.of(parts[1]))).isTrue();
    Object[] dimensions = new Object[catalog.schema().dimensions().size()];
    dimensions[0] = row.dimension(0);
    dimensions[catalog.indexOf(parts[1])] = parts[1];
    return new RowDecoder.Decoded(
        new DataRow(row.timeMillis(), dimensions, new long[] {0, row.longMetric(1)}, null),
        catalog.schema());
  }

  /** Rows are encoded as a stream encodes them, with the fingerprint of their schema. */
  void startByFingerprint(UnaryOperator<RealtimeSettings.Builder> more) {
    coordination.know(schema);
    open(more);
    node.add(new DataSourceRegistration(schema, topic));
  }

  private void open(UnaryOperator<RealtimeSettings.Builder> more) {
    RealtimeSettings.Builder builder =
        RealtimeSettings.builder(
                directory.resolve("realtime"),
                Map.of("bootstrap.servers", kafka.bootstrapServers()))
            .retryBackoff(Duration.ofMillis(100))
            .topicCheckPeriod(Duration.ofMillis(200))
            .handOffAt(1_000_000, Duration.ofHours(1));
    node =
        new RealtimeNode(
            more.apply(builder).build(), coordination, deepStorage, meters, InstantSource.system());
  }

  Map<Integer, Long> positions() {
    return node.positions("events");
  }

  RealtimeNode node() {
    return node;
  }

  /** {@code time,id,value}; what is no number is refused. */
  RowDecoder.Decoded decode(RawRecord record) {
    String[] parts = new String(record.value(), StandardCharsets.UTF_8).split(",");
    if (parts.length != 3) {
      throw new IllegalArgumentException("expected time,id,value");
    }
    DataRow row =
        new DataRow(
            Long.parseLong(parts[0]),
            new Object[] {parts[1]},
            new long[] {0, Long.parseLong(parts[2])},
            null);
    return new RowDecoder.Decoded(row, schema);
  }

  static byte[] event(int number) {
    // Spread over three hours.
    long time = START_MILLIS + number % 3 * HOUR + number % 600 * 1_000L;
    return "%d,id%d,%d".formatted(time, number % 50, number).getBytes(StandardCharsets.UTF_8);
  }

  /** Sends events {@code [from, to)} to the partition, and waits until they are there. */
  void send(int partition, int from, int to) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    for (int i = from; i < to; i++) {
      sent.add(producer.send(new ProducerRecord<>(topic, partition, null, event(i))));
    }
    producer.flush();
    for (Future<?> future : sent) {
      future.get(30, TimeUnit.SECONDS);
    }
  }

  void sendRaw(int partition, byte[] key, byte[] value) throws Exception {
    producer.send(new ProducerRecord<>(topic, partition, key, value)).get(30, TimeUnit.SECONDS);
  }

  void awaitPosition(int partition, long offset) {
    Waiting.await(
        "position %d of partition %d".formatted(offset, partition),
        () -> node.positions("events").getOrDefault(partition, -1L) >= offset);
  }

  /** -1 as long as it is not known. */
  long lag(int partition) {
    return node.status("events").partitions().stream()
        .filter(status -> status.kafkaPartition() == partition)
        .mapToLong(status -> status.lag().orElse(-1))
        .findFirst()
        .orElse(-1);
  }

  PartitionStatus partition(int number) {
    return node.status("events").partitions().get(number);
  }

  /** Events that a query sees: committed ones of its view and the live ones after them. */
  long visibleEvents() {
    return visible("count", true);
  }

  long visibleLive(Map<Integer, Long> committed, String metric) {
    long sum = 0;
    LiveScan all = new LiveScan("events", committed, Interval.ETERNITY);
    for (LivePiece piece : node.hold(all).pieces()) {
      try (piece) {
        assertThat(piece.version()).isEqualTo(Times.format(piece.bucket().startMillis()));
        sum += sum(piece.rows(), metric);
      }
    }
    return sum;
  }

  private long visible(String metric, boolean withCommitted) {
    FakeCoordination.View view = coordination.acquire();
    try {
      return (withCommitted ? view.committedEvents() : 0) + visibleLive(view.committed(), metric);
    } finally {
      coordination.release(view);
    }
  }

  static long sum(RowSet rows, String metric) {
    LongColumn column = (LongColumn) rows.column(metric);
    long[] block = new long[RowSet.BLOCK_ROWS];
    long sum = 0;
    for (int from = 0; from < rows.rowCount(); from += block.length) {
      int count = Math.min(block.length, rows.rowCount() - from);
      column.read(from, count, block);
      for (int i = 0; i < count; i++) {
        sum += block[i];
      }
    }
    return sum;
  }

  void stopNode() {
    if (node != null) {
      node.close();
      node = null;
    }
  }

  @Override
  public void close() {
    stopNode();
    producer.close();
  }
}
