package io.starfire.serving.broker;

import static io.starfire.serving.SegmentFiles.hour;
import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.column.IndexedRows;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.LocalRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerTest {
  @TempDir Path directory;
  private BrokerRig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new BrokerRig(directory, scan -> LocalRows.ofNothing());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static Map<String, Object> errorOf(Runnable query) {
    try {
      query.run();
      throw new AssertionError("the query should have failed");
    } catch (StarfireException e) {
      return new TreeMap<>(Map.of("code", e.code(), "message", e.getMessage()));
    }
  }

  @Test
  void batchSegmentsAnswerInsteadOfRealtimeOnesWhereTheyAre() {
    rig.commit(hour(10), 0, 100, 100);
    rig.commit(hour(11), 100, 150, 50);
    assertThat(rig.answer(hours(10, 12))).containsExactly("100/100", "50/50");
    rig.publish(hour(10), 120, 2);
    assertThat(rig.answer(hours(10, 12))).containsExactly("120/240", "50/50");
  }

  /** Case L9. */
  @Test
  void aVisibleSegmentThatNobodyServesFailsTheQueryAndNeverFallsBack() {
    rig.commit(hour(10), 0, 100, 100);
    rig.publish(hour(10), 120, 2);
    SegmentDescriptor visible = rig.coordinator.view().visibleSegments().values().iterator().next();
    rig.coordinator.close();
    rig.historical.drop(visible.id());

    assertThat(errorOf(() -> rig.hourly(hour(10))))
        .containsEntry("code", ErrorCode.UNAVAILABLE)
        .hasEntrySatisfying(
            "message",
            message ->
                assertThat(message.toString())
                    .startsWith("segment " + visible.id() + " shows in view")
                    .contains("no server has it loaded"));
  }

  @Test
  void aLostSegmentIsLoadedAgainAndAnswers() {
    rig.publish(hour(10), 120, 2);
    SegmentDescriptor visible = rig.coordinator.view().visibleSegments().values().iterator().next();
    rig.historical.drop(visible.id());
    await().until(() -> rig.historical.serves(visible.id()));
    assertThat(rig.answer(hour(10))).containsExactly("120/240");
  }

  @Test
  void anUnknownDataSourceNamesThoseThatExist() {
    byte[] query =
        """
        {"queryType":"timeseries","dataSource":"add","granularity":"all",
         "intervals":["2026-11-20/P1D"],"aggregations":[{"type":"count","name":"n"}]}
        """
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> rig.broker.run(QueryParser.parse(query)))
        .hasMessage("there is no data source 'add'; there are: ads");
  }

  @Test
  void anUnknownColumnNamesThoseThatExist() {
    byte[] query =
        """
        {"queryType":"timeseries","dataSource":"ads","granularity":"all",
         "intervals":["2026-11-20/P1D"],
         "aggregations":[{"type":"longSum","name":"n","fieldName":"click"}]}
        """
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> rig.broker.run(QueryParser.parse(query)))
        .hasMessage(
            "data source 'ads' has no column 'click'; its columns are __time, publisher, count,"
                + " clicks");
  }

  @Test
  void bytesThatAreDamagedAfterLoadingGiveAnErrorAndThenTheRightAnswer() throws IOException {
    rig.publish(hour(10), 120, 2);
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      Path file = files.findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      for (int i = bytes.length / 8; i < bytes.length * 7 / 8; i++) {
        bytes[i] ^= 1;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        int unused = channel.write(ByteBuffer.wrap(bytes));
      }
    }
    // Totals of a whole segment are known without a look at its rows; those of a publisher are not.
    Query ofPublishers =
        parse(
            """
            {"queryType":"groupBy","dataSource":"ads","granularity":"all",
             "intervals":["2026-11-20/P1D"],"dimensions":["publisher"],
             "aggregations":[{"type":"longSum","name":"clicks","fieldName":"clicks"}]}
            """);
    assertThatThrownBy(() -> rig.broker.run(ofPublishers))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageContaining("cannot be read and is being fetched again");
    await()
        .ignoreExceptionsMatching(
            e ->
                e instanceof StarfireException known
                    && Set.of(ErrorCode.CORRUPT, ErrorCode.UNAVAILABLE).contains(known.code()))
        .untilAsserted(
            () ->
                assertThat(rig.broker.run(ofPublishers).rows())
                    .extracting(row -> row.values().get(1))
                    .containsExactly(80L, 80L, 80L));
  }

  @Test
  void livePiecesAreClosedEvenIfTheQueryFailsBeforeTheyAreRead() throws IOException {
    List<ClosedRows> opened = new ArrayList<>();
    AtomicBoolean asked = new AtomicBoolean();
    // Pieces of a version that is no time, so that the timeline cannot say where they show.
    LiveNode broken =
        scan -> {
          List<LivePiece> pieces = new ArrayList<>();
          for (int i = 0; asked.get() && i < 3; i++) {
            ClosedRows rows = new ClosedRows();
            opened.add(rows);
            pieces.add(new LivePiece(hour(10), i == 0 ? "2026-11-20T10:00:00.000Z" : null, rows));
          }
          return LocalRows.ofLive(pieces);
        };
    try (BrokerRig other = new BrokerRig(directory.resolve("other"), broken)) {
      other.publish(hour(10), 120, 2);
      asked.set(true);
      assertThatThrownBy(() -> other.answer(hour(10))).isInstanceOf(RuntimeException.class);
      asked.set(false);
    }
    assertThat(opened).hasSize(3).allMatch(rows -> rows.closed);
  }

  /** Rows that tell whether they were closed. */
  private static final class ClosedRows extends ArrayRowSet implements IndexedRows {
    private boolean closed;

    ClosedRows() {
      super(List.of(), Map.of("clicks", ColumnType.LONG), true);
    }

    @Override
    public DataSourceSchema schema() {
      return SegmentFiles.SCHEMA;
    }

    @Override
    public long eventCount() {
      return 0;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void localDaysThatCutAnHourOfRollupAreAnsweredWithAWarning() throws IOException {
    rig.publish(hours(10, 12), 50, 1);
    String query =
        """
        {"queryType":"timeseries","dataSource":"ads","intervals":["2026-11-20T10/PT2H"],
         "granularity":{"type":"period","period":"PT1H","timeZone":"%s"},"aggregations":[]}\
        """;
    ResponseContext exact = new ResponseContext();
    rig.broker.run(parse(query.formatted("America/New_York")), exact);
    assertThat(exact.get(ResponseContext.WARNINGS)).isEmpty();
    ResponseContext cut = new ResponseContext();
    rig.broker.run(parse(query.formatted("Asia/Kolkata").replace("T10/", "T10:00:30Z/")), cut);
    assertThat(cut.toJson()).contains("\"starfireWarnings\":[\"the ");
  }

  private static Query parse(String json) {
    return QueryParser.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aScanReadsOneViewAndCanBeCancelledWhileItIsRead() throws IOException {
    rig.publish(hours(10, 12), 50, 1);
    Query scan =
        QueryParser.parse(
            """
            {"queryType":"scan","dataSource":"ads","intervals":["2026-11-20/P1D"],
             "order":"ascending","columns":["clicks"],"resultFormat":"compactedList"}
            """
                .getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    rig.broker.answer(
        scan,
        "q1",
        new ResponseContext(),
        answer -> {
          rig.publish(hours(10, 12), 50, 2);
          answer.writeTo(out, false);
          return null;
        });
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("[17]").doesNotContain("[34]");
    assertThatThrownBy(
            () ->
                rig.broker.answer(
                    scan,
                    "q1",
                    new ResponseContext(),
                    answer -> {
                      rig.broker.cancel("q2");
                      rig.broker.cancel("q1");
                      answer.writeTo(out, false);
                      return null;
                    }))
        .hasMessage("the query was cancelled");
  }

  @Test
  void duringSwapsOfSeveralHoursEachAnswerIsExactlyOneVersions() throws Exception {
    Interval interval = hours(6, 11);
    rig.publish(interval, 50, 1);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<List<String>>>> askers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        askers.add(
            threads.submit(
                () -> {
                  List<List<String>> answers = new ArrayList<>();
                  while (!done.get()) {
                    answers.add(rig.answer(interval));
                    answered.incrementAndGet();
                  }
                  return answers;
                }));
      }
      for (int version = 2; version <= 10; version++) {
        // Some answers before each activation, however slow the machine is.
        int enough = answered.get() + 4;
        await().until(() -> answered.get() >= enough);
        rig.publish(interval, 50, version);
        assertThat(rig.answer(interval)).containsOnly("50/" + 50 * version);
      }
      done.set(true);
      for (Future<List<List<String>>> asker : askers) {
        String last = "";
        for (List<String> answer : asker.get()) {
          assertThat(answer).hasSize(5);
          assertThat(answer.stream().distinct()).as("one version in %s", answer).hasSize(1);
          last = answer.get(0);
        }
        assertThat(last).startsWith("50/");
      }
    } finally {
      done.set(true);
      threads.shutdown();
    }
  }
}
