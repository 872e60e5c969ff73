package io.starfire.batch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.batch.AdPipeline;
import io.starfire.batch.AdPipeline.Click;
import io.starfire.batch.AdPipeline.View;
import io.starfire.batch.AdSums;
import io.starfire.batch.input.InputPart;
import io.starfire.batch.input.InputRecord;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.decoding.RawRecord;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.KeyCodec;
import io.starfire.event.LookupTable;
import io.starfire.event.Outcome;
import io.starfire.event.RecordCodec;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import io.starfire.plan.Shuffle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mrunit.TestDriver;
import org.apache.hadoop.mrunit.mapreduce.MapDriver;
import org.apache.hadoop.mrunit.mapreduce.MapReduceDriver;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mapper and reducer by itself, in MRUnit. */
class StageJobTest {
  private static final NullWritable NOTHING = NullWritable.get();
  private static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");
  private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir Path directory;
  private Plan plan;
  private Configuration job;

  @BeforeEach
  void configure() throws IOException {
    plan = configure(AdPipeline.class);
  }

  private Plan configure(Class<?> pipeline) throws IOException {
    Plan planned = Planner.plan(pipeline.getName(), pipeline.getClassLoader());
    byte[] advertisers = "id,name\na,Anna\n".getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(directory.resolve("advertisers.csv"), advertisers);
    String version =
        LookupTable.loadCsv(
                "advertisers", advertisers, String.class, AdPipeline.Advertiser.class, null)
            .version();
    StarfireConfig config =
        StarfireConfig.fromMap(
            Map.of(
                "starfire.sources.views.topic", "views",
                "starfire.sources.clicks.topic", "clicks",
                "starfire.kafka.properties.client.id", "secret",
                "starfire.lookups.advertisers.file", file.toString()));
    job = new Configuration();
    RunSettings.of(
            planned,
            config,
            HOUR,
            HOUR.endMillis() + 3_600_000,
            Map.of("advertisers", new RunSettings.PinnedLookup(file.toString(), version)))
        .putInto(job);
    return planned;
  }

  @Test
  void theMapperSendsAViewByItsIdentityAndCountsWhatIsBadOrOutside() throws IOException {
    MapDriver<InputRecord, NullWritable, Delivery, NullWritable> driver =
        configured(MapDriver.newMapDriver(new StageMapper()));
    driver.addInput(view(0, "{'id':'v','at':'2026-11-20T10:00:00Z','advertiser':'a','price':2}"));
    driver.addInput(view(1, "{'id':'w','at':'2026-11-20T11:00:00Z','advertiser':'a','price':2}"));
    driver.addInput(view(2, "not json"));
    driver.addInput(view(3, "{'id':'x','at':null,'advertiser':'a','price':2}"));
    driver.addInput(
        InputRecord.archived(
            0,
            "f",
            RawRecord.ofTopic(
                "views",
                2,
                77,
                HOUR.endMillis(),
                null,
                "late rubbish".getBytes(StandardCharsets.UTF_8),
                List.of()),
            HOUR.endMillis()),
        NOTHING);

    List<Pair<Delivery, NullWritable>> out = driver.run();

    byte[] bytes = RecordCodec.of(View.class).encode(new View("v", TEN, "a", 2));
    assertThat(out.get(0).getFirst())
        .isEqualTo(
            Delivery.event(
                edge("views-by-identity"), KeyCodec.encode("v"), TEN.toEpochMilli(), bytes));
    assertThat(out.stream().skip(1).map(pair -> pair.getFirst().kind()))
        .containsExactly(Delivery.Kind.DEAD_LETTER, Delivery.Kind.DEAD_LETTER);
    assertThat(new String(out.get(1).getFirst().value(), StandardCharsets.UTF_8))
        .contains("\"outcome\":\"UNDECODABLE\"", "\"file\":\"views.json\"", "\"position\":2");
    assertThat(counted(driver.getCounters(), "views"))
        .isEqualTo("EMITTED 1, BAD_TIME 1, UNDECODABLE 1, MARGIN 2");
  }

  @Test
  void ofSeveralCopiesTheOneWithTheSmallestBytesIsKept() throws IOException {
    StageReducer.setStage(job, plan.stages().get(1));
    MapReduceDriver<InputRecord, NullWritable, Delivery, NullWritable, Delivery, NullWritable>
        driver = stageDriver();
    for (double price : new double[] {3, 2, 3, 4}) {
      driver.addInput(
          view(0, "{'id':'v','at':'2026-11-20T10:00:00Z','advertiser':'a','price':" + price + "}"));
    }
    driver.addInput(view(0, "{'id':null,'at':'2026-11-20T10:00:00Z','advertiser':'a','price':9}"));
    driver.addInput(view(0, "{'id':null,'at':'2026-11-20T10:00:00Z','advertiser':'a','price':9}"));

    List<Pair<Delivery, NullWritable>> out = driver.run();

    assertThat(
            out.stream()
                .map(pair -> RecordCodec.of(View.class).decode(pair.getFirst().value()).price()))
        .containsExactlyInAnyOrder(2.0, 9.0, 9.0);
    assertThat(counted(driver.getCounters(), "views-deduplicated"))
        .isEqualTo("EMITTED 3, DUPLICATE 3");
    assertThat(
            driver
                .getCounters()
                .findCounter(TaskOutcomes.ANOMALIES + "views-deduplicated", "CONFLICTING_DUPLICATE")
                .getValue())
        .isEqualTo(3);
  }

  @Test
  void theReducerJoinsBothEndsOfTheWindowAndWritesRows() throws IOException {
    StageReducer.setStage(
        job,
        plan.stages().stream().filter(s -> s.name().equals("clicked")).findFirst().orElseThrow());
    MapReduceDriver<InputRecord, NullWritable, Delivery, NullWritable, Delivery, NullWritable>
        driver = stageDriver();
    driver.addInput(edgeRecord("clicked-primary", "v", new View("v", TEN, "a", 2), TEN));
    for (long seconds : new long[] {-1, 0, 600, 600, 601}) {
      Instant at = TEN.plusSeconds(seconds);
      driver.addInput(edgeRecord("clicked-secondary", "v", new Click("v", at), at));
    }
    driver.addInput(edgeRecord("clicked-secondary", null, new Click(null, TEN), TEN));

    List<Pair<Delivery, NullWritable>> out = driver.run();

    assertThat(out).hasSize(1);
    DataRow row =
        DataRowCodec.of(plan.dataSources().get(0).dataSource().schema())
            .decode(out.get(0).getFirst().value());
    assertThat(row.dimension(1)).isEqualTo("Anna");
    assertThat(row.longMetric(1)).isEqualTo(2);
    assertThat(counted(driver.getCounters(), "clicked-secondary"))
        .isEqualTo("MATCHED 2, DUPLICATE 1, NULL_KEY 1, ORPHAN 1, MARGIN 1");
  }

  @Test
  void theCombinerAddsUpAndEachEventIsCountedOnce() throws IOException {
    Plan sums = configure(AdSums.class);
    StageReducer.setStage(job, sums.stages().get(1));
    MapReduceDriver<InputRecord, NullWritable, Delivery, NullWritable, Delivery, NullWritable>
        driver = stageDriver();
    driver.withCombiner(new StageCombiner());
    for (int minute : new int[] {0, 7, 7, 59, 61}) {
      String at = "2026-11-20T%02d:%02d:00Z".formatted(10 + minute / 60, minute % 60);
      for (String advertiser : List.of("'a'", "'b'", "null")) {
        String json = "{'id':'v','at':'%s','advertiser':%s,'price':2}".formatted(at, advertiser);
        driver.addInput(view(0, json));
      }
    }
    driver.addInput(view(0, "no json"));

    List<Pair<Delivery, NullWritable>> out = driver.run();

    DataRowCodec codec = DataRowCodec.of(sums.dataSources().get(0).dataSource().schema());
    assertThat(
            out.stream()
                .filter(pair -> pair.getFirst().kind() == Delivery.Kind.ROW)
                .map(pair -> codec.decode(pair.getFirst().value()))
                .map(row -> row.dimension(0) + " " + row.longMetric(0)))
        .containsExactlyInAnyOrder("a 2", "a 1", "a 1", "b 2", "b 1", "b 1");
    assertThat(counted(driver.getCounters(), "views"))
        .isEqualTo("EMITTED 12, UNDECODABLE 1, MARGIN 3");
    assertThat(counted(driver.getCounters(), "by-advertiser")).isEqualTo("EMITTED 8, NULL_KEY 4");
  }

  @Test
  void theIndexingJobBuildsASegmentForEachShard() throws IOException {
    DataRowCodec codec = DataRowCodec.of(plan.dataSources().get(0).dataSource().schema());
    new ShardPlan(Map.of(0, Map.of(HOUR.startMillis(), 2))).putInto(job);
    MapDriver<InputRecord, NullWritable, Delivery, NullWritable> driver =
        configured(MapDriver.newMapDriver(new IndexMapper()));
    List<Pair<InputRecord, NullWritable>> inputs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      byte[] row =
          codec.encode(
              new DataRow(
                  TEN.toEpochMilli() + i,
                  new Object[] {"advertiser " + i % 10, "n"},
                  new long[] {0, i, 0},
                  null));
      inputs.add(
          new Pair<>(
              InputRecord.delivered(InputPart.Kind.ROWS, 0, null, TEN.toEpochMilli() + i, row),
              NOTHING));
    }
    driver.addAll(inputs);
    int[] rowsOf = new int[2];
    for (Pair<Delivery, NullWritable> row : driver.run()) {
      rowsOf[ByteBuffer.wrap(row.getFirst().key()).getInt()]++;
    }
    assertThat(rowsOf[0] + rowsOf[1]).isEqualTo(50);
    // Rows that roll up into one are in one shard.
    assertThat(rowsOf[0] % 5).isZero();
    assertThat(rowsOf).doesNotContain(0);

    MapReduceDriver<InputRecord, NullWritable, Delivery, NullWritable, NullWritable, BuiltSegment>
        whole =
            configured(MapReduceDriver.newMapReduceDriver(new IndexMapper(), new IndexReducer()))
                .withKeyOrderComparator(new DeliveryOrder.Whole())
                .withKeyGroupingComparator(new DeliveryOrder.Group());
    whole.addAll(inputs);
    List<BuiltSegment.Fields> built =
        whole.run().stream().map(pair -> pair.getSecond().fields()).toList();
    assertThat(built.stream().map(BuiltSegment.Fields::shard)).containsExactly(0, 1);
    assertThat(built.stream().map(BuiltSegment.Fields::eventCount))
        .containsExactly((long) rowsOf[0], (long) rowsOf[1]);
    // All events are of one minute and ten advertisers.
    assertThat(built.stream().mapToLong(BuiltSegment.Fields::rowCount).sum()).isEqualTo(10);
  }

  @Test
  void aTaskRefusesAnotherPlanAndSaysWhereItDiffers() {
    job.set(
        "starfire.batch.run.plan",
        job.getRaw("starfire.batch.run.plan").replace("after PT10M", "after PT20M"));
    assertThatThrownBy(() -> RunSettings.from(job))
        .hasMessageContaining("builds another plan in the task than the one submitted")
        .hasMessageContaining("after PT20M");
  }

  @Test
  void propertiesOfClientsDoNotTravelToTheTasks() {
    assertThat(job.getRaw("starfire.batch.run.config")).doesNotContain("secret");
  }

  @Test
  void aLookupThatHasChangedSinceTheRunBeganIsRefused() throws IOException {
    Files.writeString(directory.resolve("advertisers.csv"), "id,name\nb,Bert\n");
    assertThatThrownBy(() -> PinnedLookups.load(RunSettings.from(job), job))
        .hasMessageContaining("lookup 'advertisers'")
        .hasMessageContaining("has changed since the run began");
  }

  private MapReduceDriver<InputRecord, NullWritable, Delivery, NullWritable, Delivery, NullWritable>
      stageDriver() {
    return configured(MapReduceDriver.newMapReduceDriver(new StageMapper(), new StageReducer()))
        .withKeyOrderComparator(new DeliveryOrder.Whole())
        .withKeyGroupingComparator(new DeliveryOrder.Group());
  }

  private <D extends TestDriver<?, ?, ?>> D configured(D driver) {
    driver.getConfiguration().addResource(job);
    return driver;
  }

  private static Pair<InputRecord, NullWritable> view(long position, String json) {
    return new Pair<>(
        InputRecord.line(
            InputPart.Kind.JSON,
            0,
            "views.json",
            position,
            null,
            json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
        NOTHING);
  }

  private <R extends Record> Pair<InputRecord, NullWritable> edgeRecord(
      String shuffle, String key, R event, Instant at) {
    @SuppressWarnings("unchecked") // a record class is final
    RecordCodec<R> codec = RecordCodec.of((Class<R>) event.getClass());
    return new Pair<>(
        InputRecord.delivered(
            InputPart.Kind.EDGE,
            edge(shuffle),
            KeyCodec.encode(key),
            at.toEpochMilli(),
            codec.encode(event)),
        NOTHING);
  }

  private int edge(String name) {
    return plan.shuffles().stream().map(Shuffle::name).toList().indexOf(name);
  }

  private static String counted(org.apache.hadoop.mapreduce.Counters counters, String operator) {
    StringBuilder text = new StringBuilder();
    for (Outcome outcome : Outcome.values()) {
      long count =
          counters.findCounter(TaskOutcomes.OUTCOMES + operator, outcome.name()).getValue();
      if (count > 0) {
        text.append(text.isEmpty() ? "" : ", ").append(outcome).append(' ').append(count);
      }
    }
    return text.toString();
  }
}
