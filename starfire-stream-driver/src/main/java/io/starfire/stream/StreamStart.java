package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.EventDecoder;
import io.starfire.event.SourceSettings;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.kafka.TopicSetup;
import io.starfire.plan.DelayBudget;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import io.starfire.plan.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;

/** Everything that comes before a stream runs: checks first, then what leaves traces. */
final class StreamStart {
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
      StreamJournal journal,
      JournalState state,
      StreamTopicCheck check,
      DataSourceRegistrar registrar,
      List<DataSourceRegistrar.Wanted> dataSources,
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
    new StreamProperties(settings).check();
    var lookups = LookupFiles.load(plan, config);
    KafkaCalls kafka =
        KafkaCalls.connect(
            settings.bootstrapServers(), settings.kafkaProperties(), settings.connectTimeout());
    DataSourceRegistrar registrar = new DataSourceRegistrar(settings);
    try {
      StreamJournal journal =
          new StreamJournal(kafka, settings, ApplicationId.base(plan, settings));
      Map<String, TopicFact> raw = rawTopics(kafka);
      JournalState state = begin(kafka, journal, raw, registrar);
      StreamTopics topics = topics(grants, state.generation());
      StreamContext stream =
          new StreamContext(
              plan,
              grants,
              lookups,
              settings,
              topics,
              partitions(raw),
              ids(raw),
              decoders,
              new RawProgress(),
              new TaskBoard(),
              options.clock());
      TopicLedger ledger = new TopicLedger(kafka, journal, settings);
      ledger.requireOwn(state, topics);
      createTopics(kafka, stream);
      Map<String, TopicFact> own = TopicFact.of(kafka, own(stream));
      ledger.noteOwn(state, own);
      new RawTopicGrowth(kafka, settings).follow(plan, topics, raw);
      commitFirstOffsets(kafka, stream, state.generation(), ids(raw));
      StreamTopicCheck check =
          StreamTopicCheck.of(
              raw, only(own, shuffles(stream)), only(own, rows(stream)), stream.progress());
      return new Prepared(
          stream,
          kafka,
          journal,
          state,
          check,
          registrar,
          wanted(state, topics, own),
          streams(stream));
    } catch (RuntimeException e) {
      registrar.close();
      kafka.close();
      throw e;
    }
  }

  /** The generation that starts: what the journal says, after what was asked for is in it. */
  private JournalState begin(
      KafkaCalls kafka,
      StreamJournal journal,
      Map<String, TopicFact> raw,
      DataSourceRegistrar registrar) {
    if (options.beginning() instanceof Beginning.Reset reset) {
      new StreamReset(kafka, settings, options.say())
          .run(
              new StreamReset.Subject(
                  ApplicationId.base(plan, settings), raw, rawTopics, rowTopics()),
              journal,
              reset.from(),
              registrar);
      return journal.read();
    }
    JournalState state = journal.read();
    if (state.generation() == null) {
      Map<String, JournalEntry.TopicStart> starts = new TreeMap<>();
      raw.forEach(
          (topic, fact) -> starts.put(topic, new JournalEntry.TopicStart(fact.id(), Map.of())));
      Map<String, List<JournalEntry.Feed>> feeds = new TreeMap<>();
      rowTopics()
          .forEach((name, topic) -> feeds.put(name, List.of(new JournalEntry.Feed(topic, false))));
      journal.append(
          new JournalEntry.Generation(
              1, UUID.randomUUID().toString(), "first start", starts, feeds));
      state = journal.read();
    }
    new RawTopicChange(kafka, settings, journal, options)
        .require(state, ApplicationId.base(plan, settings), rawTopics, raw);
    return state;
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

  private StreamTopics topics(Grants grants, JournalEntry.Generation generation) {
    String applicationId = ApplicationId.of(plan, grants, settings, generation.number());
    Map<String, String> dataSources = new TreeMap<>();
    rowTopics()
        .forEach(
            (name, first) -> {
              List<JournalEntry.Feed> feeds = feeds(name, first, generation);
              dataSources.put(name, feeds.get(feeds.size() - 1).topic());
            });
    String deadLetters =
        settings.deadLetterTopic() != null
            ? settings.deadLetterTopic()
            : TopicNames.deadLetters(ApplicationId.base(plan, settings));
    return new StreamTopics(applicationId, rawTopics, dataSources, deadLetters);
  }

  /**
   * The topics of a data source's rows. A configuration that names another topic than the journal
   * begins a new list: the coordinator decides whether it takes it.
   */
  private static List<JournalEntry.Feed> feeds(
      String dataSource, String first, JournalEntry.Generation generation) {
    List<JournalEntry.Feed> feeds = generation.feeds().getOrDefault(dataSource, List.of());
    return !feeds.isEmpty() && feeds.get(0).topic().equals(first)
        ? feeds
        : List.of(new JournalEntry.Feed(first, false));
  }

  /** By data source the topic of its rows in the first generation. */
  private Map<String, String> rowTopics() {
    Map<String, String> topics = new TreeMap<>();
    for (SinkNode sink : plan.sinks()) {
      String name = sink.dataSource().schema().name();
      String key = StarfireConfig.path("starfire", "data-sources", name, "topic");
      topics.put(
          name,
          config.has(key) ? config.string(key) : TopicNames.dataSource(settings.prefix(), name));
    }
    return topics;
  }

  private Map<String, TopicFact> rawTopics(KafkaCalls kafka) {
    Map<String, TopicFact> found = TopicFact.of(kafka, new TreeSet<>(rawTopics.values()));
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

  private static Map<String, Integer> partitions(Map<String, TopicFact> facts) {
    Map<String, Integer> partitions = new TreeMap<>();
    facts.forEach((topic, fact) -> partitions.put(topic, fact.partitions()));
    return partitions;
  }

  private static Map<String, String> ids(Map<String, TopicFact> facts) {
    Map<String, String> ids = new TreeMap<>();
    facts.forEach((topic, fact) -> ids.put(topic, fact.id()));
    return ids;
  }

  private static Map<String, TopicFact> only(Map<String, TopicFact> facts, Set<String> topics) {
    Map<String, TopicFact> only = new TreeMap<>(facts);
    only.keySet().retainAll(topics);
    return only;
  }

  private Set<String> shuffles(StreamContext stream) {
    Set<String> topics = new TreeSet<>();
    plan.shuffles().forEach(shuffle -> topics.add(stream.topics().shuffle(shuffle)));
    return topics;
  }

  private Set<String> rows(StreamContext stream) {
    return new TreeSet<>(stream.topics().dataSourceTopics().values());
  }

  private Set<String> own(StreamContext stream) {
    Set<String> topics = shuffles(stream);
    topics.addAll(rows(stream));
    return topics;
  }

  private void createTopics(KafkaCalls kafka, StreamContext stream) {
    TopicSetup setup = new TopicSetup(kafka);
    Map<String, String> configs =
        Map.of(
            "retention.ms", Long.toString(settings.retention().toMillis()),
            "max.message.bytes", Integer.toString(settings.largestMessageBytes()));
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
    requireMessageBytes(setup, stream);
  }

  private void requireMessageBytes(TopicSetup setup, StreamContext stream) {
    Set<String> topics = new TreeSet<>();
    plan.shuffles().forEach(shuffle -> topics.add(stream.topics().shuffle(shuffle)));
    plan.sinks().forEach(sink -> topics.add(stream.topics().dataSource(sink)));
    for (Stage stage : plan.stages()) {
      topics.add(stream.topics().changelog(StreamTopology.progressStore(stage)));
      topics.add(stream.topics().changelog(StreamTopology.stateStore(stage)));
    }
    setup.requireMessageBytes(
        topics, settings.largestRecordBytes(), "starfire.stream.max-record-bytes");
    setup.requireMessageBytes(
        Set.of(stream.topics().deadLetters()),
        settings.deadLetterLimit().largestLetterBytes(),
        "starfire.dead-letters.max-bytes");
  }

  private void commitFirstOffsets(
      KafkaCalls kafka,
      StreamContext stream,
      JournalEntry.Generation generation,
      Map<String, String> rawIds) {
    Set<TopicPartition> partitions = new HashSet<>();
    stream.rawPartitions().forEach((topic, count) -> addPartitions(partitions, topic, count));
    for (Shuffle shuffle : plan.shuffles()) {
      addPartitions(partitions, stream.topics().shuffle(shuffle), settings.partitions());
    }
    new StartOffsets(kafka, stream.topics().applicationId())
        .prepare(partitions, ApplicationId.base(plan, settings), generation, rawIds);
  }

  private static void addPartitions(Set<TopicPartition> partitions, String topic, int count) {
    for (int partition = 0; partition < count; partition++) {
      partitions.add(new TopicPartition(topic, partition));
    }
  }

  private List<DataSourceRegistrar.Wanted> wanted(
      JournalState state, StreamTopics topics, Map<String, TopicFact> own) {
    Map<String, String> first = rowTopics();
    List<DataSourceRegistrar.Wanted> wanted = new ArrayList<>();
    for (SinkNode sink : plan.sinks()) {
      DataSourceSchema schema = sink.dataSource().schema();
      wanted.add(
          new DataSourceRegistrar.Wanted(
              schema,
              feeds(schema.name(), first.get(schema.name()), state.generation()),
              own.get(topics.dataSource(sink)).id()));
    }
    return wanted;
  }

  private KafkaStreams streams(StreamContext stream) {
    Properties properties = new StreamProperties(settings).of(stream.topics().applicationId());
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
