package io.starfire.serving.coordinator;

import static io.starfire.serving.coordinator.CoordinatorRig.hour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.Json;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.cluster.VariantRequest;
import io.starfire.protocol.cluster.ViewAcknowledgement;
import io.starfire.protocol.cluster.ViewDelta;
import io.starfire.protocol.cluster.ViewSnapshot;
import io.starfire.protocol.cluster.ViewUpdate;
import io.starfire.protocol.cluster.ViewVariant;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.broker.ViewReplica;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.role.ViewSource;
import io.starfire.serving.view.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How brokers follow the views of a coordinator, and what the coordinator keeps for them. */
class ViewSourceTest {
  @TempDir Path directory;
  private CoordinatorRig rig;
  private ViewSource source;

  @BeforeEach
  void start() {
    rig = new CoordinatorRig(MetadataLocation.h2(directory.resolve("metadata")));
    source = rig.coordinator.viewSource();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** Passes everything on as JSON, and loses the steps that a test says. */
  private final class Wire implements ViewSource {
    private final List<Long> lost = new ArrayList<>();
    private int asked;

    @Override
    public ViewSnapshot subscribe(String subscriber, Consumer<ViewDelta> listener) {
      return sent(
          source.subscribe(
              subscriber,
              step -> {
                if (!lost.contains(step.number())) {
                  listener.accept(sent(step));
                }
              }));
    }

    @Override
    public void unsubscribe(String subscriber) {
      source.unsubscribe(subscriber);
    }

    @Override
    public ViewUpdate updateSince(long number) {
      asked++;
      return sent(source.updateSince(number));
    }

    @Override
    public void acknowledge(ViewAcknowledgement acknowledgement) {
      source.acknowledge(sent(acknowledgement));
    }

    @Override
    public ViewVariant openVariant(VariantRequest request) {
      return sent(source.openVariant(sent(request)));
    }

    @Override
    public void closeVariant(String subscriber, long id) {
      source.closeVariant(subscriber, id);
    }

    @SuppressWarnings("unchecked")
    private static <T> T sent(T value) {
      return (T) Json.read(Json.write(value), value.getClass(), "what was sent");
    }
  }

  @Test
  void aBrokerBehindAWireHasTheViewOfTheCoordinatorAfterEveryStep() {
    try (ViewReplica remote = new ViewReplica("remote", new Wire())) {
      for (int i = 0; i < 3; i++) {
        rig.commit(hour(i), i * 10L, i * 10L + 10, 10);
        CoordinatorRig.checkSame(remote.current(), rig.coordinator.view());
      }
      PublicationStatus published = rig.publish(hour(1), rig.version(hour(1)), 10);
      CoordinatorRig.checkSame(remote.current(), rig.coordinator.view());
      rig.coordinator.rollBack(published.id(), false);
      CoordinatorRig.checkSame(remote.current(), rig.coordinator.view());
    }
  }

  @Test
  void aBrokerThatMissedAStepAsksForItAndGetsTheSteps() {
    Wire wire = new Wire();
    try (ViewReplica remote = new ViewReplica("remote", wire)) {
      long before = remote.current().number();
      wire.lost.add(before + 1);
      rig.commit(hour(1), 0, 10, 10);
      assertThat(remote.current().number()).isEqualTo(before);
      rig.commit(hour(2), 10, 20, 10);
      assertThat(wire.asked).isEqualTo(1);
      CoordinatorRig.checkSame(remote.current(), rig.coordinator.view());
      assertThat(source.updateSince(before).deltas()).hasSize(2);
    }
  }

  @Test
  void aBrokerThatMissedMoreThanIsKeptBeginsAnewWithAWholeView() {
    Wire wire = new Wire();
    try (ViewReplica remote = new ViewReplica("remote", wire)) {
      long before = remote.current().number();
      for (long step = 1; step <= 120; step++) {
        wire.lost.add(before + step);
        rig.commit(hour(1), step, step + 1, 1);
      }
      assertThat(source.updateSince(before).snapshot().number())
          .isEqualTo(rig.coordinator.view().number());
      rig.commit(hour(1), 121, 122, 1);
      CoordinatorRig.checkSame(remote.current(), rig.coordinator.view());
    }
  }

  @Test
  void whoIsUpToDateLacksNothingAndAnUnknownViewIsAnsweredWithAWholeOne() {
    rig.commit(hour(1), 0, 10, 10);
    long current = rig.coordinator.view().number();
    assertThat(source.updateSince(current)).isEqualTo(ViewUpdate.of(List.of()));
    assertThat(source.updateSince(current + 5).snapshot().number()).isEqualTo(current);
  }

  @Test
  void whatABrokerHasNotAcknowledgedIsKeptUntilItDoesOrIsGone() {
    ViewSnapshot slow = source.subscribe("slow", step -> {});
    rig.publish(hour(1), rig.version(hour(1)), 10);
    SegmentDescriptor hidden = onlySegment();
    long shows = rig.coordinator.view().number();
    rig.publish(hour(1), rig.version(hour(1)), 10);
    rig.publish(hour(2), rig.version(hour(2)), 10);
    assertThat(rig.holder.serves(hidden.id())).isTrue();

    // It may still have queries on the view that shows the segment.
    source.acknowledge(new ViewAcknowledgement("slow", rig.coordinator.view().number(), shows));
    source.acknowledge(new ViewAcknowledgement("slow", slow.number(), slow.number()));
    rig.publish(hour(2), rig.version(hour(2)), 10);
    assertThat(rig.holder.serves(hidden.id())).isTrue();

    source.acknowledge(new ViewAcknowledgement("slow", shows + 1, shows + 1));
    await().until(() -> !rig.holder.serves(hidden.id()));

    SegmentDescriptor next = onlySegment();
    rig.publish(hour(1), rig.version(hour(1)), 10);
    rig.publish(hour(2), rig.version(hour(2)), 10);
    assertThat(rig.holder.serves(next.id())).isTrue();
    source.unsubscribe("slow");
    await().until(() -> !rig.holder.serves(next.id()));
  }

  private SegmentDescriptor onlySegment() {
    View view = rig.coordinator.view();
    return view.lookup("ads", hour(1)).get(0).objects().get(0);
  }

  @Test
  void aListenerThatFailsKeepsNobodyFromTheView() {
    source.subscribe(
        "broken",
        step -> {
          throw new IllegalStateException("broken");
        });
    rig.commit(hour(1), 0, 10, 10);
    CoordinatorRig.checkSame(rig.replica.current(), rig.coordinator.view());
  }

  @Test
  void aStepIsTakenFromItsOwnViewAndFromNoOther() {
    View first = rig.coordinator.view();
    rig.commit(hour(1), 0, 10, 10);
    View second = rig.coordinator.view();
    ViewDelta step = first.deltaTo(second);
    CoordinatorRig.checkSame(first.after(step), second);
    assertThatThrownBy(() -> second.after(step))
        .hasMessage(
            "the step from view %d to view %d cannot be taken from view %d"
                .formatted(first.number(), second.number(), second.number()));
  }

  @Test
  void whoHasNotSubscribedIsToldSo() {
    assertThatThrownBy(() -> source.acknowledge(new ViewAcknowledgement("nobody", 1, 1)))
        .hasMessage(
            "'nobody' has not subscribed to the views of this coordinator; it must subscribe"
                + " again");
  }
}
