package io.starfire.serving.broker;

import static io.starfire.serving.SegmentFiles.hour;
import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.role.LocalRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What earlier queries left is used where it is right, and only there. */
class CachesTest {
  private static final String NEITHER = "{\"useCache\":false,\"populateCache\":false}";

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

  private double found(String cache) {
    return requests(cache, "hit");
  }

  private double requests(String cache, String result) {
    return rig.metrics
        .get("starfire.query.cache.requests")
        .tags("cache", cache, "result", result)
        .functionCounter()
        .count();
  }

  private double scanned() {
    return rig.metrics.counter("starfire.query.rows.scanned").count();
  }

  private List<String> answer(Interval interval, String context) {
    return rig.answer(interval, context, new ResponseContext());
  }

  @Test
  void aQueryThatIsAskedAgainReadsNothingAndAnotherOneThatOnlyShowsMoreReadsTheRest() {
    rig.publish(hours(10, 12), 50, 1);
    assertThat(rig.answer(hours(10, 12))).containsExactly("50/50", "50/50");
    double rows = scanned();
    assertThat(answer(hours(10, 12), "{\"queryId\":\"again\",\"timeout\":9999}"))
        .containsExactly("50/50", "50/50");
    assertThat(found("answers")).isEqualTo(1);
    rig.publish(hour(12), 50, 3);
    assertThat(rig.answer(hours(10, 13))).containsExactly("50/50", "50/50", "50/150");
    assertThat(found("partials")).as("segments of which the partial result was kept").isEqualTo(2);
    assertThat(scanned() - rows).as("rows of the new segment").isEqualTo(rows / 2);
    assertThat(
            rig.metrics.get("starfire.query.cache.bytes").tag("cache", "partials").gauge().value())
        .isPositive();
  }

  @Test
  void anIntervalThatCutsASegmentHasAResultOfItsOwn() {
    rig.publish(hour(10), 50, 1);
    Interval start = Interval.parse("2026-11-20T10:00:00Z/2026-11-20T10:00:10Z");
    assertThat(rig.answer(hour(10))).containsExactly("50/50");
    List<String> part = answer(start, NEITHER);
    assertThat(rig.answer(start)).isEqualTo(part);
  }

  @Test
  void whatIsReplacedStagedOrRolledBackIsAnsweredAsItIsThen() {
    rig.publish(hours(10, 12), 50, 1);
    assertThat(rig.answer(hours(10, 12))).containsExactly("50/50", "50/50");
    String second = rig.publish(hour(11), 50, 2).id();
    assertThat(rig.answer(hours(10, 12))).containsExactly("50/50", "50/100");
    String staged = rig.stage(hour(10), 50, 3).id();
    assertThat(answer(hours(10, 12), "{\"starfirePublication\":\"" + staged + "\"}"))
        .containsExactly("50/150", "50/100");
    assertThat(rig.answer(hours(10, 12))).containsExactly("50/50", "50/100");
    rig.coordinator.rollBack(second, true);
    assertThat(rig.answer(hours(10, 12))).containsExactly("50/50", "50/50");
    assertThat(found("answers")).as("the view of before and the first one").isEqualTo(2);
  }

  @Test
  void aColumnThatTheSchemaGetsIsThereInTheNextAnswer() {
    rig.publish(hour(10), 50, 1);
    assertThat(search()).contains("publisher").doesNotContain("city");
    assertThat(search()).contains("publisher");
    assertThat(found("answers")).isEqualTo(1);
    List<DimensionSpec> wider = new ArrayList<>(SegmentFiles.SCHEMA.dimensions());
    wider.add(new DimensionSpec("city", ColumnType.STRING));
    DataSourceSchema schema = SegmentFiles.SCHEMA;
    rig.coordinator.register(
        new DataSourceRegistration(
            new DataSourceSchema(
                schema.name(),
                wider,
                schema.metrics(),
                schema.segmentGranularity(),
                schema.queryGranularity(),
                schema.rollup()),
            "ads"));
    assertThat(search()).contains("publisher");
    assertThat(found("answers")).as("answers under the schema before").isEqualTo(1);
  }

  private String search() {
    return Answers.json(
        rig.broker.run(
            Answers.parse(
                """
                {'queryType':'search','dataSource':'ads','granularity':'all',
                 'intervals':['2026-11-20/P1D'],'query':{'type':'contains','value':'p'}}
                """)));
  }

  @Test
  void liveRowsAreReadEachTime() throws IOException {
    FakeChain chain = new FakeChain(hour(11));
    try (BrokerRig live = new BrokerRig(directory.resolve("live"), chain)) {
      live.publish(hour(10), 50, 1);
      for (int events = 1; events <= 3; events++) {
        chain.add();
        assertThat(live.answer(hours(10, 12))).containsExactly("50/50", events + "/" + events);
      }
      // Rows that are persisted are still live.
      long unused = chain.seal();
      chain.add();
      assertThat(live.answer(hours(10, 12))).containsExactly("50/50", "4/4");
      assertThat(
              live.metrics
                  .get("starfire.query.cache.requests")
                  .tags("cache", "partials", "result", "hit")
                  .functionCounter()
                  .count())
          .as("only the segment's")
          .isEqualTo(3);
    }
  }

  @Test
  void aQueryMayRefuseToUseWhatIsKeptOrToLeaveAnything() {
    rig.publish(hour(10), 50, 1);
    assertThat(answer(hour(10), "{\"populateCache\":false}")).containsExactly("50/50");
    assertThat(rig.answer(hour(10))).containsExactly("50/50");
    assertThat(found("answers") + found("partials")).as("nothing was left").isZero();
    double asked = requests("answers", "miss") + requests("partials", "miss");
    assertThat(answer(hour(10), "{\"useCache\":\"false\"}")).containsExactly("50/50");
    assertThat(requests("answers", "miss") + requests("partials", "miss")).isEqualTo(asked);
    assertThat(rig.answer(hour(10))).containsExactly("50/50");
    assertThat(found("answers")).isEqualTo(1);
  }
}
