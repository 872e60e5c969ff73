package io.starfire.serving.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceFeed;
import io.starfire.protocol.FeedStatus;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.metadata.StoreWithoutSync;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for again, since it was not known whether it was done. */
class UnknownOutcomesTest {
  private static final String NEXT = "ads-2";

  @TempDir Path directory;
  private final AtomicBoolean syncFails = new AtomicBoolean();

  private void unknown(ThrowingCallable work) {
    syncFails.set(true);
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME));
    syncFails.set(false);
  }

  @Test
  void aChangeOfTheTopicThatIsAskedForAgainGivesTheSameAnswerAndShows() {
    MetadataStore store = StoreWithoutSync.open(StoreKind.H2.location(directory), syncFails::get);
    try (CoordinatorRig rig = new CoordinatorRig(store)) {
      var unused = rig.commit(CoordinatorRig.hour(10), 0, 100, 100);
      DataSourceFeed feed =
          new DataSourceFeed(
              List.of(
                  new DataSourceFeed.Feed(CoordinatorRig.TOPIC, false),
                  new DataSourceFeed.Feed(NEXT, true)));

      unknown(() -> rig.coordinator.feed("ads", feed));

      assertThat(rig.coordinator.view().registration("ads").topic()).isEqualTo(NEXT);
      FeedStatus again = rig.coordinator.feed("ads", feed);
      assertThat(again.topic()).isEqualTo(NEXT);
      assertThat(again.withdrawnSegments()).isEqualTo(1);
      assertThat(again.withdrawnEvents()).isEqualTo(100);
      assertThat(again.events()).isZero();
      assertThat(rig.coordinator.feed("ads", feed).withdrawnSegments())
          .as("it was answered")
          .isZero();
    }
  }
}
