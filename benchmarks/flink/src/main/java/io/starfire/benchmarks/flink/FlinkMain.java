package io.starfire.benchmarks.flink;

import io.starfire.benchmarks.process.Talk;
import io.starfire.benchmarks.stream.RawAd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The join on Flink, in a process of its own with a local cluster: parallelism 1, state on the
 * heap, exactly once, a checkpoint every second. Arguments: address, topics of impressions, clicks
 * and results, consumer group, milliseconds between commits (not used: Flink commits at a
 * checkpoint), working directory.
 */
public final class FlinkMain {
  static final Duration WINDOW = Duration.ofMinutes(15);
  private static final Duration LATENESS = Duration.ofMinutes(5);
  private static final Duration CHECKPOINTS = Duration.ofSeconds(1);

  /** Id, event time and the bytes of a raw record. */
  static final TypeInformation<Tuple3<String, Long, byte[]>> AD =
      Types.TUPLE(Types.STRING, Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private FlinkMain() {}

  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(
            1, configuration(Path.of(arguments[6], "checkpoints")));
    environment.enableCheckpointing(CHECKPOINTS.toMillis(), CheckpointingMode.EXACTLY_ONCE);
    String address = arguments[0];
    String group = arguments[4];
    read(environment, address, group, arguments[1])
        .connect(read(environment, address, group, arguments[2]))
        .process(new ClickJoin())
        .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
        .sinkTo(sink(address, group, arguments[3]));
    JobClient job = environment.executeAsync("join");
    while (job.getJobStatus().get() != JobStatus.RUNNING) {
      LockSupport.parkNanos(10_000_000);
    }
    Thread watch = new Thread(() -> endWith(job), "end of the job");
    watch.setDaemon(true);
    watch.start();
    Talk.untilInputEnds(group + " " + arguments[3]);
    Runtime.getRuntime().halt(0);
  }

  /** A job that fails ends the process. */
  private static void endWith(JobClient job) {
    try {
      job.getJobExecutionResult().get();
    } catch (Exception e) {
      e.printStackTrace(System.err);
    }
    Runtime.getRuntime().halt(1);
  }

  private static Configuration configuration(Path checkpoints) {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    return configuration;
  }

  private static KeyedStream<Tuple3<String, Long, byte[]>, String> read(
      StreamExecutionEnvironment environment, String address, String group, String topic) {
    KafkaSource<Tuple3<String, Long, byte[]>> source =
        KafkaSource.<Tuple3<String, Long, byte[]>>builder()
            .setBootstrapServers(address)
            .setTopics(topic)
            .setGroupId(group)
            .setClientIdPrefix(group + "-" + topic)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setProperty("isolation.level", "read_committed")
            .setProperty("max.poll.records", "2000")
            .setDeserializer(new Decoding())
            .build();
    WatermarkStrategy<Tuple3<String, Long, byte[]>> watermarks =
        WatermarkStrategy.<Tuple3<String, Long, byte[]>>forBoundedOutOfOrderness(LATENESS)
            .withTimestampAssigner((ad, ofRecord) -> ad.f1);
    return environment.fromSource(source, watermarks, topic, AD).keyBy(ad -> ad.f0, Types.STRING);
  }

  private static KafkaSink<byte[]> sink(String address, String group, String topic) {
    return KafkaSink.<byte[]>builder()
        .setBootstrapServers(address)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(group)
        .setProperty("transaction.timeout.ms", "60000")
        .setRecordSerializer(
            KafkaRecordSerializationSchema.<byte[]>builder()
                .setTopic(topic)
                .setValueSerializationSchema(new AsIs())
                .build())
        .build();
  }

  /** No lambda: Flink asks a class for the type that it writes. */
  private static final class AsIs implements SerializationSchema<byte[]> {
    private static final long serialVersionUID = 1;

    @Override
    public byte[] serialize(byte[] row) {
      return row;
    }
  }

  private static final class Decoding
      implements KafkaRecordDeserializationSchema<Tuple3<String, Long, byte[]>> {
    private static final long serialVersionUID = 1;

    @Override
    public void deserialize(
        ConsumerRecord<byte[], byte[]> record, Collector<Tuple3<String, Long, byte[]>> out) {
      RawAd ad = RawAd.parse(record.value());
      out.collect(Tuple3.of(ad.id(), ad.timeMillis(), record.value()));
    }

    @Override
    public TypeInformation<Tuple3<String, Long, byte[]>> getProducedType() {
      return AD;
    }
  }
}
