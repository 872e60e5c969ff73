package io.starfire.stream;

import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Turns a plan into a topology of Kafka Streams: for each stage a processor, which reads the raw
 * topic or the repartition topics of the stage, and writes repartition topics, the topics of data
 * sources and the dead-letter topic. The stages are connected by topics only, so that each is a
 * sub-topology with tasks of its own; a raw stage's task reads one raw partition.
 */
final class StreamTopology {
  /** Offsets are committed before the first start: one that is missing later is a data loss. */
  private static final AutoOffsetReset NEVER = AutoOffsetReset.none();

  private final StreamContext stream;
  private final Topology topology = new Topology();
  private final Set<String> sourceTopics = new HashSet<>();
  private final Set<String> sinks = new HashSet<>();

  private StreamTopology(StreamContext stream) {
    this.stream = stream;
  }

  static Topology of(StreamContext stream) {
    StreamTopology building = new StreamTopology(stream);
    stream.plan().stages().forEach(building::add);
    return building.topology;
  }

  static String processor(Stage stage) {
    return "stage-" + stage.name();
  }

  static String progressStore(Stage stage) {
    return stage.name() + "-progress";
  }

  static String stateStore(Stage stage) {
    return stage.name() + "-state";
  }

  static String shuffleSink(Stage stage, Shuffle shuffle) {
    return stage.name() + "-to-" + shuffle.name();
  }

  static String rowSink(Stage stage, SinkNode sink) {
    return stage.name() + "-rows-" + sink.name();
  }

  static String deadLetterSink(Stage stage) {
    return stage.name() + "-dead-letters";
  }

  private void add(Stage stage) {
    if (stage.isSource()) {
      addRaw(stage);
    } else {
      addShuffled(stage);
    }
    topology.addStateStore(
        store(Stores.inMemoryKeyValueStore(progressStore(stage))).withCachingEnabled(),
        processor(stage));
    stage.outputs().forEach(shuffle -> addShuffleSink(stage, shuffle));
    for (SinkNode sink : stage.sinks()) {
      topology.addSink(
          rowSink(stage, sink),
          stream.topics().dataSource(sink),
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          processor(stage));
    }
    topology.addSink(
        deadLetterSink(stage),
        stream.topics().deadLetters(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        processor(stage));
  }

  private void addRaw(Stage stage) {
    String topic = stream.topics().raw(stage.source());
    String reader = "raw-" + topic;
    if (sourceTopics.add(topic)) {
      topology.addSource(
          NEVER,
          reader,
          RawValue.extractor(stream.clock()),
          new ByteArrayDeserializer(),
          RawValue.deserializer(),
          topic);
    }
    topology.addProcessor(processor(stage), () -> new SourceProcessor(stream, stage), reader);
    stream.advisedBy(stage).forEach(shuffle -> addShuffleSink(stage, shuffle));
  }

  private void addShuffled(Stage stage) {
    String[] topics = stage.inputs().stream().map(stream.topics()::shuffle).toArray(String[]::new);
    String reader = "shuffles-" + stage.name();
    topology.addSource(
        NEVER,
        reader,
        (record, partitionTime) -> Math.max(0, record.timestamp()),
        new ByteArrayDeserializer(),
        new EdgeCodec(),
        topics);
    topology.addProcessor(processor(stage), () -> new ShuffleProcessor(stream, stage), reader);
    String state = stateStore(stage);
    topology.addStateStore(
        store(
            stream.settings().state() == StreamSettings.State.ROCKSDB
                ? Stores.persistentKeyValueStore(state)
                : SortedMemoryStore.supplier(state)),
        processor(stage));
  }

  private void addShuffleSink(Stage stage, Shuffle shuffle) {
    if (sinks.add(shuffleSink(stage, shuffle))) {
      topology.addSink(
          shuffleSink(stage, shuffle),
          stream.topics().shuffle(shuffle),
          new ByteArraySerializer(),
          new EdgeCodec(),
          new EdgePartitioner(stream.settings().partitions()),
          processor(stage));
    }
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(
      KeyValueBytesStoreSupplier supplier) {
    return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(Map.of());
  }
}
