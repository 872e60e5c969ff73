package io.starfire.serving.broker;

import static io.starfire.serving.SegmentFiles.hour;
import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.MetricSpec;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.broker.Preview.Bucket;
import io.starfire.serving.broker.Preview.Change;
import io.starfire.serving.broker.Preview.Values;
import io.starfire.serving.role.LocalRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewsTest {
  @TempDir Path directory;
  private BrokerRig rig;
  private Previews previews;

  @BeforeEach
  void start() throws IOException {
    rig = new BrokerRig(directory, scan -> LocalRows.ofNothing());
    previews = new Previews(rig.coordinator, rig.broker);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static Values values(Change rows, Change count, Change clicks) {
    return new Values(rows, Map.of("count", count, "clicks", clicks));
  }

  @Test
  void eachBucketIsComparedAndNothingChanges() {
    rig.commit(hour(10), 0, 100, 100);
    String id = rig.stage(hours(10, 12), 120, 2).id();
    long view = rig.coordinator.view().number();

    Preview preview = previews.of(id);

    assertThat(preview)
        .isEqualTo(
            new Preview(
                id,
                view,
                List.of(
                    new Preview.OfDataSource(
                        "ads",
                        Granularity.HOUR,
                        List.of(
                            new Bucket(
                                hour(10),
                                values(
                                    new Change(6L, 6L, 0L),
                                    new Change(100L, 120L, 20L),
                                    new Change(100L, 240L, 140L))),
                            new Bucket(
                                hour(11),
                                values(
                                    new Change(0L, 6L, 6L),
                                    new Change(null, 120L, 120L),
                                    new Change(null, 240L, 240L)))),
                        values(
                            new Change(6L, 12L, 6L),
                            new Change(100L, 240L, 140L),
                            new Change(100L, 480L, 380L))))));
    assertThat(rig.coordinator.view().number()).isEqualTo(view);
    assertThat(rig.answer(hour(10))).containsExactly("100/100");
  }

  @Test
  void whatALaterPublicationHidesMakesNoDifference() {
    String id = rig.stage(hour(10), 120, 2).id();
    rig.publish(hour(10), 130, 3);
    assertThat(previews.of(id).dataSources().get(0).total().metrics())
        .containsEntry("clicks", new Change(390L, 390L, 0L));
  }

  @Test
  void metricsOfBothSchemasAreCompared() {
    rig.commit(hour(10), 0, 100, 100);
    DataSourceSchema now = SegmentFiles.SCHEMA;
    List<MetricSpec> metrics =
        List.of(
            new MetricSpec("count", MetricSpec.Aggregation.COUNT),
            new MetricSpec("cost", MetricSpec.Aggregation.DOUBLE_SUM));
    DataSourceSchema other =
        new DataSourceSchema(
            now.name(),
            now.dimensions(),
            metrics,
            now.segmentGranularity(),
            now.queryGranularity(),
            now.rollup());
    String id = rig.stage(hour(10), 120, 2, List.of(other)).id();
    assertThat(previews.of(id).dataSources().get(0).total().metrics())
        .isEqualTo(
            Map.of(
                "count",
                new Change(100L, 120L, 20L),
                "clicks",
                new Change(100L, null, -100L),
                "cost",
                new Change(null, null, 0L)));
  }

  @Test
  void onlyAStagedPublicationHasAPreview() {
    String id = rig.publish(hour(10), 120, 2).id();
    assertThatThrownBy(() -> previews.of(id))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("is active since view");
    assertThatThrownBy(() -> previews.of("nope"))
        .hasMessageContaining("there is no publication 'nope'");
  }
}
