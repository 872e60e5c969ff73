package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.EventDecoder;
import io.starfire.event.SourceSettings;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicSetup;
import io.starfire.plan.DelayBudget;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that comes before a stream runs: checks first, then what leaves traces. */
final class StreamStart {
  private static final Logger LOG = LoggerFactory.getLogger(StreamStart.class);
  private static final int SESSION_TIMEOUT_MILLIS = 10_000;
  private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

  private final Plan plan;
  private final StarfireConfig config;
  private final StreamSettings settings;
  private final StreamOptions options;
  private final Map<String, EventDecoder<?>> decoders = new TreeMap<>();
  private final Map<String, String> rawTopics = new TreeMap<>();

  private StreamStart(StreamOptions options) {
    this.options = options;
    this.plan = options.plan();
    this.config = options.config();
    this.settings = StreamSettings.from(config);
  }

  /** What is ready to run. */
  record Prepared(
      StreamContext stream,
      KafkaCalls kafka,
      DataSourceRegistrar registrar,
      KafkaStreams streams) {}

  static Prepared prepare(StreamOptions options) {
    return new StreamStart(options).prepare();
  }

  private Prepared prepare() {
    Grants grants = Grants.limited(plan, settings.grant(), settings.grants());
    for (SourceNode source : plan.sources()) {
      SourceSettings from = SourceSettings.from(config, source.name());
      rawTopics.put(source.name(), from.requireTopic());
      decoders.put(source.name(), EventDecoder.of(from, source.type()));
    }
    checkDelay(grants);
    var lookups = LookupFiles.load(plan, config);
    KafkaCalls kafka =
        KafkaCalls.connect(
            settings.bootstrapServers(), settings.kafkaProperties(), settings.connectTimeout());
    try {
      StreamTopics topics = topics(grants);
      StreamContext stream =
          new StreamContext(
              plan,
              grants,
              lookups,
              settings,
              topics,
              rawPartitions(kafka),
              decoders,
              new RawProgress(),
              new TaskBoard(),
              options.clock());
      createTopics(kafka, stream);
      commitFirstOffsets(kafka, stream);
      return new Prepared(stream, kafka, register(topics), streams(stream));
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private void checkDelay(Grants grants) {
    if (!config.has("starfire.realtime.reject-older-than")) {
      return;
    }
    Duration limit = config.duration("starfire.realtime.reject-older-than");
    DelayBudget.of(plan, grants, settings.lateness())
        .bySink()
        .forEach(
            (dataSource, delay) -> {
              if (delay.compareTo(limit) > 0) {
                throw new StarfireException(
                    ErrorCode.INVALID_INPUT,
                    "rows of data source '%s' can be %s behind (the lateness of %s and what joins hold back), and starfire.realtime.reject-older-than refuses them after %s; raise it, or lower starfire.stream.grant or lateness"
                        .formatted(dataSource, delay, settings.lateness(), limit));
              }
            });
  }

  private StreamTopics topics(Grants grants) {
    String applicationId = ApplicationId.of(plan, grants, settings);
    Map<String, String> dataSources = new TreeMap<>();
    for (SinkNode sink : plan.sinks()) {
      String name = sink.dataSource().schema().name();
      String key = StarfireConfig.path("starfire", "data-sources", name, "topic");
      dataSources.put(
          name,
          config.has(key) ? config.string(key) : TopicNames.dataSource(settings.prefix(), name));
    }
    String deadLetters =
        settings.deadLetterTopic() != null
            ? settings.deadLetterTopic()
            : TopicNames.deadLetters(ApplicationId.base(plan, settings));
    return new StreamTopics(applicationId, rawTopics, dataSources, deadLetters);
  }

  private Map<String, Integer> rawPartitions(KafkaCalls kafka) {
    Map<String, Integer> found =
        new TopicSetup(kafka).partitions(new TreeSet<>(rawTopics.values()));
    rawTopics.forEach(
        (source, topic) -> {
          if (!found.containsKey(topic)) {
            throw new StarfireException(
                ErrorCode.NOT_FOUND,
                "topic '%s' of source '%s' does not exist at %s; create it, or correct starfire.sources.%s.topic"
                    .formatted(topic, source, settings.bootstrapServers(), source));
          }
        });
    return found;
  }

  private void createTopics(KafkaCalls kafka, StreamContext stream) {
    TopicSetup setup = new TopicSetup(kafka);
    Map<String, String> configs =
        Map.of("retention.ms", Long.toString(settings.retention().toMillis()));
    Map<String, Integer> shuffles = new TreeMap<>();
    for (Shuffle shuffle : plan.shuffles()) {
      shuffles.put(stream.topics().shuffle(shuffle), settings.partitions());
    }
    setup.require(shuffles, true, settings.replicationFactor(), configs);
    Map<String, Integer> outputs = new TreeMap<>();
    for (SinkNode sink : plan.sinks()) {
      outputs.put(stream.topics().dataSource(sink), settings.dataSourcePartitions());
    }
    outputs.put(stream.topics().deadLetters(), 1);
    setup.require(outputs, false, settings.replicationFactor(), configs);
    checkRawPartitions(setup, stream);
  }

  /** The state of a raw stage is by partition, so that their number cannot change under it. */
  private void checkRawPartitions(TopicSetup setup, StreamContext stream) {
    Map<String, String> topicByChangelog = new HashMap<>();
    for (SourceNode source : plan.sources()) {
      topicByChangelog.put(
          stream.topics().applicationId() + "-" + source.name() + "-progress-changelog",
          stream.topics().raw(source));
    }
    setup
        .partitions(topicByChangelog.keySet())
        .forEach(
            (changelog, before) -> {
              String topic = topicByChangelog.get(changelog);
              int now = stream.rawPartitions().get(topic);
              if (now != before) {
                throw new StarfireException(
                    ErrorCode.CONFLICT,
                    "topic '%s' has %d partitions, and had %d when the stream '%s' began; start it under another starfire.stream.application-id-prefix"
                        .formatted(topic, now, before, stream.topics().applicationId()));
              }
            });
  }

  private void commitFirstOffsets(KafkaCalls kafka, StreamContext stream) {
    Set<TopicPartition> partitions = new HashSet<>();
    stream.rawPartitions().forEach((topic, count) -> addPartitions(partitions, topic, count));
    for (Shuffle shuffle : plan.shuffles()) {
      addPartitions(partitions, stream.topics().shuffle(shuffle), settings.partitions());
    }
    new StartOffsets(kafka, stream.topics().applicationId())
        .prepare(partitions, ApplicationId.base(plan, settings));
  }

  private static void addPartitions(Set<TopicPartition> partitions, String topic, int count) {
    for (int partition = 0; partition < count; partition++) {
      partitions.add(new TopicPartition(topic, partition));
    }
  }

  private DataSourceRegistrar register(StreamTopics topics) {
    Map<DataSourceSchema, String> registered = new HashMap<>();
    for (SinkNode sink : plan.sinks()) {
      registered.put(sink.dataSource().schema(), topics.dataSource(sink));
    }
    DataSourceRegistrar registrar = new DataSourceRegistrar(settings.coordinatorUrl(), registered);
    switch (settings.register()) {
      case REQUIRED -> registrar.register();
      case RETRIED -> registrar.keepTrying();
      case OFF -> LOG.debug("data sources are not registered: starfire.stream.register is off");
    }
    return registrar;
  }

  private KafkaStreams streams(StreamContext stream) {
    Properties properties = new Properties();
    properties.putAll(settings.kafkaProperties());
    properties.put("bootstrap.servers", settings.bootstrapServers());
    properties.put("application.id", stream.topics().applicationId());
    properties.put(
        "processing.guarantee", settings.exactlyOnce() ? "exactly_once_v2" : "at_least_once");
    properties.put("commit.interval.ms", settings.commitInterval().toMillis());
    properties.put("state.dir", settings.stateDirectory().toAbsolutePath().toString());
    properties.put("num.stream.threads", settings.threads());
    properties.put("replication.factor", settings.replicationFactor());
    properties.putIfAbsent("consumer.session.timeout.ms", SESSION_TIMEOUT_MILLIS);
    properties.putIfAbsent("producer.transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS);
    properties.put("consumer.isolation.level", "read_committed");
    try {
      return new KafkaStreams(
          StreamTopology.of(stream),
          properties,
          new TrackedClients(stream.rawPartitions().keySet(), stream.progress()));
    } catch (StreamsException e) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the state directory %s cannot be used: %s; does another process run '%s' in it?"
              .formatted(
                  settings.stateDirectory(), e.getMessage(), stream.topics().applicationId()),
          e);
    }
  }
}
