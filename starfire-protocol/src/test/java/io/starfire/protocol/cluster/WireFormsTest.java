package io.starfire.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What roles say to each other comes out of JSON as it went in. */
class WireFormsTest {
  private static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");
  private static final String VERSION = "2026-11-20T10:00:00.000Z";

  private static final DataSourceRegistration REGISTRATION =
      new DataSourceRegistration(
          new DataSourceSchema(
              "ad_events",
              List.of(new DimensionSpec("publisher", ColumnType.STRING)),
              List.of(new MetricSpec("count", MetricSpec.Aggregation.COUNT)),
              Granularity.HOUR,
              Granularity.MINUTE,
              true),
          "ads");

  private static final SegmentDescriptor SEGMENT =
      new SegmentDescriptor(
          new SegmentId("ad_events", HOUR, VERSION, 3), 0, false, "ad_events/x", 10, 5, 7);
  private static final SegmentDescriptor TOMBSTONE =
      new SegmentDescriptor(
          new SegmentId("ad_events", HOUR, "2026-11-21T00:00:00.000Z", 0), 1, true, "", 0, 0, 0);

  private static final Map<Integer, Long> OFFSETS = Map.of(0, 17L, 11, Long.MAX_VALUE);

  private static final DataSourceDelta DELTA =
      new DataSourceDelta(REGISTRATION, List.of(SEGMENT), List.of(TOMBSTONE.id()), OFFSETS);

  static List<Object> values() {
    ViewSnapshot snapshot =
        new ViewSnapshot(
            7, List.of(new DataSourceState(REGISTRATION, List.of(SEGMENT, TOMBSTONE), OFFSETS)));
    return List.of(
        snapshot,
        new ViewDelta(7, 9, List.of(DELTA)),
        ViewUpdate.of(snapshot),
        ViewUpdate.of(List.of(new ViewDelta(7, 8, List.of()))),
        new ViewAcknowledgement("broker", 9, 7),
        VariantRequest.staged("broker", 9, "ad_events", "ad_events_2026"),
        VariantRequest.earlier("broker", 9, "ad_events", 4),
        new ViewVariant(1, 4, "view 4", DELTA),
        new SegmentScan("ad_events", List.of(new SegmentPart(SEGMENT, List.of(HOUR)))),
        new LiveScan("ad_events", OFFSETS, HOUR),
        new InventoryDelta(List.of(SEGMENT.id()), List.of(TOMBSTONE.id())),
        new SupervisorRow("ad_events", "{\"type\":\"kafka\"}", SupervisorRow.State.SUSPENDED, 5),
        new RealtimeCommit(
            "ad_events",
            "ads",
            "topic-id",
            2,
            10,
            20,
            List.of(new PushedSegment(HOUR, "ad_events/x", 10, 5, 7))),
        new CommitOutcome(true, 20, List.of(SEGMENT), 9));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueComesBackAsItWasSent(Object value) {
    assertThat(Json.read(Json.write(value), value.getClass(), "what was sent")).isEqualTo(value);
  }

  @Test
  void aViewCannotFollowALaterOneAndNobodyUsesWhatItHasNotApplied() {
    assertThatThrownBy(() -> new ViewDelta(7, 7, List.of()))
        .hasMessage("view 7 cannot follow view 7");
    assertThatThrownBy(() -> new ViewAcknowledgement("broker", 7, 8))
        .hasMessage(
            "subscriber 'broker' cannot use view 8 before it has applied it; it has applied view"
                + " 7");
  }

  @Test
  void aVariantIsThatOfAPublicationOrOfAViewAndNotOfBoth() {
    assertThatThrownBy(() -> new VariantRequest("broker", 9, "ad_events", "p", 4L))
        .hasMessageContaining("got publication p and view 4");
    assertThatThrownBy(() -> new VariantRequest("broker", 9, "ad_events", null, null))
        .hasMessageContaining("got publication null and view null");
  }
}
