package io.starfire.stream;

import io.starfire.archive.ManifestEntry;
import io.starfire.archive.RawArchive;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.decoding.RawRecord;
import io.starfire.event.Anomaly;
import io.starfire.event.DataRow;
import io.starfire.event.EventTimes;
import io.starfire.event.Outcome;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kernel.OutcomeCounter;
import io.starfire.kernel.StageOutput;
import io.starfire.kernel.StageProgram;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.Reach;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts archived events into the logs of the stages before a stream begins for the first time, as if
 * its sources had read them. It is one transaction, with the first offsets of the logs in it: where
 * these are, the events are, and a start that was killed is done again. One thread.
 */
final class WarmFeed {
  /** As long as brokers allow by their defaults. */
  private static final int TRANSACTION_TIMEOUT_MILLIS = 15 * 60_000;

  private final StreamContext stream;
  private final KafkaCalls kafka;
  private final JournalEntry.Generation generation;
  private final Map<String, LogWriter> logs = new TreeMap<>();
  private KafkaProducer<byte[], byte[]> producer;
  private LogRecord.Origin origin;
  private long fed;
  private volatile RuntimeException failure;

  WarmFeed(StreamContext stream, KafkaCalls kafka, JournalEntry.Generation generation) {
    this.stream = stream;
    this.kafka = kafka;
    this.generation = generation;
  }

  /** Whether it was done, by this process or another. */
  boolean isDone(Set<TopicPartition> partitions) {
    return new GroupOffsets(kafka)
        .committed(generation.application())
        .keySet()
        .containsAll(partitions);
  }

  /**
   * Does it.
   *
   * @param partitions of all logs
   * @return how many events were fed
   * @throws StarfireException with INCOMPLETE_INPUT if the archive lacks something; with CONFLICT
   *     if another process does it, too; nothing is fed then
   */
  long run(RawArchive archive, Set<TopicPartition> partitions) {
    Map<String, Object> properties = new HashMap<>(stream.settings().kafkaProperties());
    properties.put("bootstrap.servers", stream.settings().bootstrapServers());
    properties.put("transactional.id", generation.application() + "-warm");
    properties.put("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS);
    properties.put("max.request.size", stream.settings().largestMessageBytes());
    try (KafkaProducer<byte[], byte[]> made =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer = made;
      producer.initTransactions();
      if (new GroupOffsets(kafka)
          .settled(generation.application())
          .keySet()
          .containsAll(partitions)) {
        return 0;
      }
      producer.beginTransaction();
      try {
        feed(archive);
        logs.values().forEach(log -> log.takeRest(this::send));
        producer.flush();
        if (failure != null) {
          throw failure;
        }
        Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
        partitions.forEach(log -> first.put(log, new OffsetAndMetadata(0)));
        producer.sendOffsetsToTransaction(first, group());
        producer.commitTransaction();
        return fed;
      } catch (StarfireException e) {
        producer.abortTransaction();
        throw e;
      }
    } catch (ProducerFencedException e) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "another process begins the stream '%s' warm; start this one again when that one runs"
              .formatted(generation.application()),
          e);
    } catch (KafkaException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the stream '%s' could not be filled from archive %s, and nothing of it counts: %s; start it again"
              .formatted(generation.application(), archive.root(), e.getMessage()),
          e);
    }
  }

  private ConsumerGroupMetadata group() {
    Map<String, Object> properties = new HashMap<>(stream.settings().kafkaProperties());
    properties.put("bootstrap.servers", stream.settings().bootstrapServers());
    properties.put("group.id", generation.application());
    try (KafkaConsumer<byte[], byte[]> member =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return member.groupMetadata();
    }
  }

  private void feed(RawArchive archive) {
    Reach reach = stream.warm().orElseThrow();
    WarmStart warm = new WarmStart(archive);
    for (Stage stage : stream.plan().stages()) {
      if (!stage.isSource()) {
        continue;
      }
      String topic = stream.topics().raw(stage.source());
      Interval needed = reach.of(stage.source());
      JournalEntry.TopicStart start = generation.starts().get(topic);
      Source source = new Source(stage, needed);
      for (Map.Entry<Integer, Long> at : new TreeMap<>(start.offsets()).entrySet()) {
        TopicPartition partition = new TopicPartition(topic, at.getKey());
        List<ManifestEntry> entries =
            warm.entries(
                partition, start.id(), at.getValue(), needed, stream.settings().lateness());
        for (ManifestEntry entry : entries) {
          read(archive, entry, needed, source, at.getValue());
        }
      }
    }
  }

  private static void read(
      RawArchive archive, ManifestEntry entry, Interval needed, Source source, long before) {
    try {
      archive.read(
          entry,
          needed,
          (raw, readAtMillis) -> {
            if (raw.offset() < before) {
              source.take(raw, readAtMillis);
            }
          });
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "file %s of archive %s cannot be read: %s; check that its file system can be reached"
              .formatted(entry.file(), archive.root(), e.getMessage()),
          e);
    }
  }

  private LogWriter log(String stage) {
    String topic = stream.topics().log(stage);
    return new LogWriter(
        topic,
        stream.settings().partitions(),
        block -> send(topic, block.partition(), block.bytes()));
  }

  private void send(String topic, int partition, byte[] block) {
    send(new ProducerRecord<>(topic, partition, LogCodec.noKey(), block));
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    var unused =
        producer.send(
            record,
            (metadata, refused) -> {
              if (refused instanceof RuntimeException reason) {
                failure = reason;
              }
            });
  }

  /** The stage of a source, fed with what was archived of its topic. */
  private final class Source implements StageOutput {
    private final SourceNode node;
    private final int number;
    private final Interval needed;
    private final StageProgram program;
    private final ResultRecords results;

    private Source(Stage stage, Interval needed) {
      this.node = stage.source();
      this.number = stream.plan().stages().indexOf(stage);
      this.needed = needed;
      this.results = new ResultRecords(stage.sinks());
      this.program =
          StageProgram.create(
              stream.plan(), stage, stream.grants(), stream.lookups(), stream.clip(), null, this);
    }

    /** What cannot be used was in the dead letters of who read it first. */
    private void take(RawRecord raw, long readAtMillis) {
      Object event;
      try {
        event = stream.decoders().get(node.name()).decode(raw);
      } catch (StarfireException e) {
        return;
      }
      EventTimes.Checked time =
          stream
              .settings()
              .eventTimes()
              .check(node.timeOf(event), raw.timestampMillis(), readAtMillis);
      if (time.isGood() && needed.contains(time.millis())) {
        origin =
            new LogRecord.Origin(
                number, stream.rawTopicNumber(raw.topic()), raw.partition(), raw.offset());
        fed++;
        program.source(event, time.millis());
      }
    }

    /** Like a record that is too large for a stream that runs, it is left out. */
    private boolean isTooLarge(byte[] key, byte[] value) {
      int bytes = (key == null ? 0 : key.length) + value.length;
      return bytes > stream.settings().maxRecordBytes();
    }

    @Override
    public void shuffle(Shuffle shuffle, byte[] key, long timeMillis, byte[] value) {
      if (isTooLarge(key, value)) {
        return;
      }
      Stage below =
          stream.plan().stages().stream()
              .filter(stage -> stage.name().equals(shuffle.toStage()))
              .findFirst()
              .orElseThrow();
      logs.computeIfAbsent(below.name(), WarmFeed.this::log)
          .event(
              below.inputs().indexOf(shuffle),
              key,
              timeMillis,
              shuffle.judgesLateness() ? origin : null,
              value);
    }

    @Override
    public boolean row(DataSourceNode sink, DataRow row) {
      byte[] bytes = results.row(sink, row);
      if (isTooLarge(null, bytes)) {
        return false;
      }
      send(new ProducerRecord<>(stream.topics().dataSource(sink), null, bytes));
      return true;
    }

    @Override
    public boolean toTopic(TopicNode sink, byte[] key, long timeMillis, byte[] value) {
      byte[] bytes = results.record(sink, timeMillis, value);
      if (isTooLarge(key, bytes)) {
        return false;
      }
      send(new ProducerRecord<>(stream.topics().results(sink), key, bytes));
      return true;
    }

    /** A stream writes no files. */
    @Override
    public boolean toFiles(FilesNode sink, long timeMillis, byte[] value) {
      return true;
    }

    @Override
    public OutcomeCounter counter(String operator) {
      return new Uncounted();
    }
  }

  /** What was before the stream is not counted at its sources. */
  private static final class Uncounted implements OutcomeCounter {
    @Override
    public void count(Outcome outcome, long timeMillis) {
      // See above.
    }

    @Override
    public void count(Anomaly anomaly, long timeMillis) {
      // See above.
    }
  }
}
