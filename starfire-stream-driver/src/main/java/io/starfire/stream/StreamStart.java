package io.starfire.stream;

import static java.util.stream.Collectors.joining;

import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.EventDecoder;
import io.starfire.event.SourceSettings;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.kafka.TopicSetup;
import io.starfire.kernel.HeapBudget;
import io.starfire.plan.DelayBudget;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Stage;
import io.starfire.plan.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;

/** Everything that comes before a stream runs: checks first, then what leaves traces. */
final class StreamStart {
  /** A run of this process that was given up may still be about to stop. */
  private static final Duration NAME_PATIENCE = Duration.ofSeconds(2);

  private static final String TOPIC_PREFIX = "topic.";

  /** What is in a log must not go by its age, nor for its size. */
  private static final Map<String, String> LOG_CONFIGS =
      Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1");

  /** The brokers delete whole segments; the head of a log goes when its segment is not needed. */
  private static final int LOG_SEGMENT_BYTES = 64 << 20;

  private final Plan plan;
  private final StarfireConfig config;
  private final StreamSettings settings;
  private final StreamOptions options;
  private final Map<String, EventDecoder<?>> decoders = new TreeMap<>();
  private final Map<String, String> rawTopics = new TreeMap<>();

  private final ResultTopics results;

  private StreamStart(StreamOptions options) {
    this.options = options;
    this.plan = options.plan();
    this.config = options.config();
    this.settings = StreamSettings.from(config);
    this.results = new ResultTopics(plan, config);
  }

  /** What is ready to run. */
  record Prepared(
      StreamContext stream,
      KafkaCalls kafka,
      StreamJournal journal,
      JournalState state,
      StreamTopicCheck check,
      TopicFence fence,
      DataSourceRegistrar registrar,
      List<DataSourceRegistrar.Wanted> dataSources,
      ProcessName name,
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
    checkFiles();
    LogCodec.check(plan);
    new StreamProperties(settings).check();
    var lookups = LookupFiles.load(plan, config);
    KafkaCalls kafka =
        KafkaCalls.connect(
            settings.bootstrapServers(), settings.kafkaProperties(), settings.connectTimeout());
    DataSourceRegistrar registrar = new DataSourceRegistrar(settings);
    ProcessName name = null;
    try {
      StreamJournal journal =
          new StreamJournal(kafka, settings, ApplicationId.base(plan, settings));
      Map<String, TopicFact> raw = rawTopics(kafka);
      JournalState state = begin(kafka, journal, grants, raw, registrar);
      StreamTopics topics = topics(state.generation());
      name = ProcessName.take(settings.stateDirectory(), topics.applicationId(), NAME_PATIENCE);
      OldStates.delete(
          settings.stateDirectory(), ApplicationId.base(plan, settings), state.number());
      StreamContext stream =
          new StreamContext(
              plan,
              grants,
              lookups,
              settings,
              topics,
              partitions(raw),
              allIds(raw, state),
              decoders,
              new RawProgress(),
              new TaskBoard(),
              new Unwritten(),
              new JournalFence(kafka, journal, state.generation()),
              new LogHeads(kafka, topics.applicationId()),
              warm(grants).reach(state.generation()),
              new HeapBudget(settings.rocksDbHeapBytes()),
              new CommitPace(settings.commitInterval(), System::nanoTime),
              options.clock());
      TopicLedger ledger = new TopicLedger(kafka, journal, settings);
      ledger.requireOwn(state, topics, held(grants));
      createTopics(kafka, stream);
      new RawTopicGrowth(kafka, settings).follow(plan, topics, raw);
      Map<String, TopicFact> own = TopicFact.of(kafka, own(stream));
      ledger.noteOwn(state, own);
      warm(grants).feed(kafka, stream, state.generation(), logPartitions(stream));
      commitFirstOffsets(kafka, stream, state.generation(), ids(raw));
      StreamTopicCheck check =
          StreamTopicCheck.of(
              raw,
              only(own, logs(stream)),
              only(own, rows(stream)),
              only(own, changelogs(stream).keySet()),
              stream.progress());
      TopicFence fence = new TopicFence(kafka, check, stream.board());
      return new Prepared(
          stream,
          kafka,
          journal,
          state,
          check,
          fence,
          registrar,
          wanted(state, topics, own),
          name,
          streams(stream, fence, name));
    } catch (RuntimeException e) {
      if (name != null) {
        name.close();
      }
      registrar.close();
      kafka.close();
      throw e;
    }
  }

  /** The generation that starts: what the journal says, after what was asked for is in it. */
  private JournalState begin(
      KafkaCalls kafka,
      StreamJournal journal,
      Grants grants,
      Map<String, TopicFact> raw,
      DataSourceRegistrar registrar) {
    String baseId = ApplicationId.base(plan, settings);
    IntFunction<String> applicationId = number -> ApplicationId.of(plan, grants, settings, number);
    StreamReset.Subject subject =
        new StreamReset.Subject(plan, grants, baseId, applicationId, raw, rowTopics());
    StreamReset anew = new StreamReset(kafka, settings, options.say());
    if (options.beginning() instanceof Beginning.Reset reset) {
      anew.run(subject, journal, reset, registrar);
      return journal.read();
    }
    JournalState state = journal.read();
    if (state.generation() == null) {
      requireNew(kafka, journal, baseId);
      state = first(kafka, journal, grants, applicationId.apply(1), raw);
    } else {
      warm(grants).requireBegun(state);
    }
    OlderLayout.refuse(kafka, state.generation().application());
    RawTopicChange change = new RawTopicChange(kafka, settings, journal, options);
    if (change.require(state, raw)) {
      state = journal.read();
    }
    if (!state.generation().application().equals(applicationId.apply(state.number()))) {
      anew.followPlan(subject, journal, state);
      state = journal.read();
    }
    change.note(state, raw);
    return state;
  }

  private JournalState first(
      KafkaCalls kafka,
      StreamJournal journal,
      Grants grants,
      String applicationId,
      Map<String, TopicFact> raw) {
    Optional<WarmBeginning.Chosen> chosen = warm(grants).choose(kafka, raw);
    Map<String, JournalEntry.TopicStart> starts = new TreeMap<>();
    raw.forEach(
        (topic, fact) -> starts.put(topic, new JournalEntry.TopicStart(fact.id(), Map.of())));
    chosen.ifPresent(warm -> starts.putAll(warm.starts()));
    Map<String, List<JournalEntry.Feed>> feeds = new TreeMap<>();
    rowTopics()
        .forEach((name, topic) -> feeds.put(name, List.of(new JournalEntry.Feed(topic, false))));
    journal.append(
        new JournalEntry.Generation(
            1,
            UUID.randomUUID().toString(),
            applicationId,
            null,
            "first start",
            starts,
            feeds,
            chosen.map(WarmBeginning.Chosen::wholeFromMillis).orElse(null)));
    return journal.read();
  }

  private WarmBeginning warm(Grants grants) {
    return new WarmBeginning(options, settings, grants, rawTopics, held(grants));
  }

  private Set<TopicPartition> logPartitions(StreamContext stream) {
    Set<TopicPartition> partitions = new HashSet<>();
    logs(stream).forEach(log -> addPartitions(partitions, log, settings.partitions()));
    return partitions;
  }

  /** The journal is the first thing that a stream makes. */
  private static void requireNew(KafkaCalls kafka, StreamJournal journal, String baseId) {
    Set<String> applications = new GroupOffsets(kafka).applications(baseId);
    if (!applications.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "data loss: topic '%s', the journal of the stream, is gone or empty, and the stream has run (as %s); where it was, and what it has written, is not known for certain. Begin it anew with 'bin/starfire stream CLASS --reset --from committed', and mend its last hours with 'bin/starfire batch CLASS --interval INTERVAL'"
              .formatted(journal.partition().topic(), String.join(", ", applications)));
    }
  }

  /** How long the event that waits longest is held, over all stages on its way. */
  private Duration held(Grants grants) {
    return DelayBudget.of(plan, grants, Duration.ZERO).bySink().values().stream()
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private void checkDelay(Grants grants) {
    if (!config.has("starfire.realtime.reject-older-than")) {
      return;
    }
    Duration limit = config.duration("starfire.realtime.reject-older-than");
    DelayBudget budget = DelayBudget.of(plan, grants, settings.lateness());
    for (DataSourceNode sink : plan.dataSources()) {
      Duration delay = budget.bySink().get(sink.label());
      if (delay.compareTo(limit) > 0) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "rows of data source '%s' can be %s behind (the lateness of %s and what joins hold back), and starfire.realtime.reject-older-than refuses them after %s; raise it, or lower starfire.stream.grant or lateness"
                .formatted(sink.label(), delay, settings.lateness(), limit));
      }
    }
  }

  /** Files that are left out must be so with the consent of the user. */
  private void checkFiles() {
    if (!plan.files().isEmpty() && !config.bool("starfire.stream.leave-out-files")) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "the pipeline writes files '%s', which only a batch run writes; set starfire.stream.leave-out-files = true to run the stream without them"
              .formatted(
                  plan.files().stream().map(node -> node.files().name()).collect(joining("', '"))));
    }
  }

  private StreamTopics topics(JournalEntry.Generation generation) {
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
    StreamTopics topics =
        new StreamTopics(
            generation.application(), rawTopics, dataSources, results.names(), deadLetters);
    results.requireApart(topics);
    return topics;
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
    for (DataSourceNode sink : plan.dataSources()) {
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

  private static Map<String, List<String>> allIds(Map<String, TopicFact> raw, JournalState state) {
    Map<String, List<String>> all = new TreeMap<>();
    raw.forEach(
        (topic, fact) -> {
          List<String> ids = new ArrayList<>(state.formerIds().getOrDefault(topic, List.of()));
          ids.add(fact.id());
          all.put(topic, List.copyOf(ids));
        });
    return all;
  }

  private static Map<String, TopicFact> only(Map<String, TopicFact> facts, Set<String> topics) {
    Map<String, TopicFact> only = new TreeMap<>(facts);
    only.keySet().retainAll(topics);
    return only;
  }

  private Set<String> logs(StreamContext stream) {
    Set<String> topics = new TreeSet<>();
    for (Stage stage : plan.stages()) {
      if (!stage.isSource()) {
        topics.add(stream.topics().log(stage.name()));
      }
    }
    return topics;
  }

  private Set<String> rows(StreamContext stream) {
    return stream.topics().sinks();
  }

  private Set<String> own(StreamContext stream) {
    Set<String> topics = logs(stream);
    topics.addAll(rows(stream));
    topics.addAll(changelogs(stream).keySet());
    return topics;
  }

  /** The number of partitions of each topic that holds the changes of a store. */
  private Map<String, Integer> changelogs(StreamContext stream) {
    Map<String, Integer> changelogs = new TreeMap<>();
    for (Stage stage : plan.stages()) {
      changelogs.put(
          stream.topics().changelog(StreamTopology.progressStore(stage)), stream.tasks(stage));
    }
    return changelogs;
  }

  /**
   * Kafka Streams would make them when it starts, again and empty if they were deleted. Their ids
   * have to be known before anything is in them.
   */
  private Map<String, String> changelogConfigs() {
    Map<String, String> configs = new TreeMap<>();
    settings
        .kafkaProperties()
        .forEach(
            (key, value) -> {
              if (key.startsWith(TOPIC_PREFIX)) {
                configs.put(key.substring(TOPIC_PREFIX.length()), value);
              }
            });
    configs.put("cleanup.policy", "compact");
    configs.put("max.message.bytes", Integer.toString(settings.largestRecordBytes()));
    return configs;
  }

  private void createTopics(KafkaCalls kafka, StreamContext stream) {
    TopicSetup setup = new TopicSetup(kafka);
    Map<String, String> configs =
        Map.of(
            "retention.ms", Long.toString(settings.retention().toMillis()),
            "max.message.bytes", Integer.toString(settings.largestMessageBytes()));
    Map<String, Integer> logs = new TreeMap<>();
    logs(stream).forEach(log -> logs.put(log, settings.partitions()));
    Map<String, String> ofLogs = new TreeMap<>(configs);
    ofLogs.putAll(LOG_CONFIGS);
    // A segment holds the largest record at least, or the brokers refuse it.
    ofLogs.put(
        "segment.bytes",
        Integer.toString(Math.max(LOG_SEGMENT_BYTES, settings.largestMessageBytes())));
    setup.require(logs, true, settings.replicationFactor(), ofLogs);
    setup.requireConfigs(
        logs.keySet(),
        LOG_CONFIGS,
        "the stream's state is made from it, and the stream itself deletes what is not needed");
    Map<String, Integer> outputs = new TreeMap<>();
    for (DataSourceNode sink : plan.dataSources()) {
      outputs.put(stream.topics().dataSource(sink), settings.dataSourcePartitions());
    }
    outputs.put(stream.topics().deadLetters(), 1);
    setup.require(outputs, false, settings.replicationFactor(), configs);
    results.create(setup, settings);
    setup.require(changelogs(stream), false, settings.replicationFactor(), changelogConfigs());
    requireMessageBytes(setup, stream);
  }

  private void requireMessageBytes(TopicSetup setup, StreamContext stream) {
    Set<String> topics = logs(stream);
    topics.addAll(stream.topics().sinks());
    topics.addAll(changelogs(stream).keySet());
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
    Set<TopicPartition> raw = new HashSet<>();
    stream.rawPartitions().forEach((topic, count) -> addPartitions(raw, topic, count));
    Map<TopicPartition, String> logs = new HashMap<>();
    for (Stage stage : plan.stages()) {
      if (!stage.isSource()) {
        Set<TopicPartition> partitions = new HashSet<>();
        addPartitions(partitions, stream.topics().log(stage.name()), settings.partitions());
        partitions.forEach(partition -> logs.put(partition, stage.name()));
      }
    }
    new StartOffsets(kafka, settings, generation).prepare(raw, rawIds, logs);
  }

  static void addPartitions(Set<TopicPartition> partitions, String topic, int count) {
    for (int partition = 0; partition < count; partition++) {
      partitions.add(new TopicPartition(topic, partition));
    }
  }

  private List<DataSourceRegistrar.Wanted> wanted(
      JournalState state, StreamTopics topics, Map<String, TopicFact> own) {
    Map<String, String> first = rowTopics();
    List<DataSourceRegistrar.Wanted> wanted = new ArrayList<>();
    for (DataSourceNode sink : plan.dataSources()) {
      DataSourceSchema schema = sink.dataSource().schema();
      wanted.add(
          new DataSourceRegistrar.Wanted(
              schema,
              feeds(schema.name(), first.get(schema.name()), state.generation()),
              own.get(topics.dataSource(sink)).id()));
    }
    return wanted;
  }

  private KafkaStreams streams(StreamContext stream, TopicFence fence, ProcessName name) {
    Properties properties = new StreamProperties(settings).of(stream.topics().applicationId());
    properties.put("group.instance.id", name.member(assigned(stream)));
    try {
      return new KafkaStreams(
          StreamTopology.of(stream),
          properties,
          new TrackedClients(stream, fence, logs(stream), name));
    } catch (StreamsException e) {
      if (DiskFull.isCauseOf(e)) {
        throw DiskFull.at("the state of the stream", settings.stateDirectory(), e);
      }
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the state directory %s cannot be used for '%s': %s; look who may write to it"
              .formatted(
                  settings.stateDirectory(), stream.topics().applicationId(), e.getMessage()),
          e);
    }
  }

  /** What the tasks of the group, and who gets them, are made from. */
  private String assigned(StreamContext stream) {
    return plan.fingerprint()
        + new TreeMap<>(stream.rawPartitions())
        + new TreeMap<>(settings.kafkaProperties());
  }
}
