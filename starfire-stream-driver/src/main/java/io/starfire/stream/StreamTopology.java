package io.starfire.stream;

import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.SinkVisitor;
import io.starfire.plan.Stage;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * Turns a plan into a topology of Kafka Streams: for each stage a processor, which reads the raw
 * topic or the log of the stage, and writes the logs of the stages below, the topics of sinks and
 * the dead-letter topic. The stages are connected by topics only, so that each is a sub-topology
 * with tasks of its own; a raw stage's task reads one raw partition.
 */
final class StreamTopology {
  /** Offsets are committed before the first start: one that is missing later is a data loss. */
  private static final AutoOffsetReset NEVER = AutoOffsetReset.none();

  private final StreamContext stream;
  private final Topology topology = new Topology();
  private final Set<String> sourceTopics = new HashSet<>();

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

  /** Where a stage writes to the log of a stage below. */
  static String logSink(Stage stage, String below) {
    return stage.name() + "-to-" + below;
  }

  /** Where a stage writes to its own log. */
  static String turnSink(Stage stage) {
    return stage.name() + "-turns";
  }

  /** Where a stage writes what goes to a sink of the plan. */
  static String sink(Stage stage, SinkNode sink) {
    return stage.name() + "-rows-" + sink.name();
  }

  static String deadLetterSink(Stage stage) {
    return stage.name() + "-dead-letters";
  }

  private void add(Stage stage) {
    if (stage.isSource()) {
      addRaw(stage);
    } else {
      addWithLog(stage);
    }
    topology.addStateStore(ProgressStore.builder(progressStore(stage)), processor(stage));
    stream
        .below(stage)
        .forEach(below -> addLogSink(logSink(stage, below), stage, stream.topics().log(below)));
    for (SinkNode sink : stage.sinks()) {
      String topic = sink.accept(new TopicOfSink());
      if (topic != null) {
        addSink(sink(stage, sink), topic, stage);
      }
    }
    addSink(deadLetterSink(stage), stream.topics().deadLetters(), stage);
  }

  private void addSink(String name, String topic, Stage stage) {
    topology.addSink(
        name, topic, new ByteArraySerializer(), new ByteArraySerializer(), processor(stage));
  }

  /** The topic that a sink writes; null if it writes none. */
  private final class TopicOfSink implements SinkVisitor<String> {
    @Override
    public String dataSource(DataSourceNode node) {
      return stream.topics().dataSource(node);
    }

    @Override
    public String topic(TopicNode node) {
      return stream.topics().results(node);
    }

    @Override
    public String files(FilesNode node) {
      return null;
    }
  }

  private void addRaw(Stage stage) {
    String topic = stream.topics().raw(stage.source());
    String reader = "raw-" + topic;
    if (sourceTopics.add(topic)) {
      topology.addSource(
          NEVER,
          reader,
          (batch, partitionTime) -> stream.clock().millis(),
          new ByteArrayDeserializer(),
          RawBatch.deserializer(),
          topic);
    }
    topology.addProcessor(processor(stage), () -> new SourceProcessor(stream, stage), reader);
  }

  /** To Kafka Streams the log of a stage is the changelog of its state, too. */
  private void addWithLog(Stage stage) {
    ProcessorSupplier<byte[], LogRecord, byte[], Object> processor =
        () -> new LogProcessor(stream, stage);
    topology.addReadOnlyStateStore(
        LogStore.builder(stream, stage),
        "log-" + stage.name(),
        (record, partitionTime) -> Math.max(0, record.timestamp()),
        new ByteArrayDeserializer(),
        new LogCodec(),
        stream.topics().log(stage.name()),
        processor(stage),
        puttingOut(processor));
    addLogSink(turnSink(stage), stage, stream.topics().log(stage.name()));
  }

  /** The signature says that it puts nothing out; sinks that name it as parent get it all. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ProcessorSupplier<byte[], LogRecord, Void, Void> puttingOut(
      ProcessorSupplier<byte[], LogRecord, byte[], Object> processor) {
    return (ProcessorSupplier) processor;
  }

  private void addLogSink(String name, Stage stage, String log) {
    topology.addSink(
        name,
        log,
        new ByteArraySerializer(),
        new LogCodec(),
        new LogPartitioner(stream.settings().partitions()),
        processor(stage));
  }
}
