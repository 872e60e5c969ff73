package io.starfire.serving.coordinator;

import static io.starfire.serving.coordinator.CoordinatorRig.TOPIC;
import static io.starfire.serving.coordinator.CoordinatorRig.hour;
import static io.starfire.serving.coordinator.CoordinatorRig.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starfire.common.Granularity;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.view.View;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewTest {
  @TempDir Path directory;
  private CoordinatorRig rig;

  @BeforeEach
  void start() {
    rig = new CoordinatorRig(StoreKind.H2.location(directory));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private View current() {
    return rig.coordinator.view();
  }

  @Test
  void aCommitReadsOneDataSourceAnewAndTheViewIsThatOfTheWholeStore() {
    rig.coordinator.register(
        new DataSourceRegistration(schema("other", Granularity.HOUR), TOPIC + "-2"));
    View before = current();

    rig.commit(hour(1), 0, 10, 10);

    View after = current();
    assertThat(after.number()).isEqualTo(before.number() + 1);
    assertThat(after.visibleSegments("other")).isSameAs(before.visibleSegments("other"));
    View whole = rig.store.read(StoredViews::read);
    assertThat(after.number()).isEqualTo(whole.number());
    assertThat(after.visibleSegments()).isEqualTo(whole.visibleSegments()).hasSize(1);
    assertThat(after.committedOffsets("ads")).isEqualTo(whole.committedOffsets("ads"));
    assertThat(after.dataSources()).containsExactly("ads", "other");
  }

  @Test
  void aViewThatNobodyHeardOfIsMadeUpForByTheNext() {
    View before = current();
    // As if it had been committed, and the answer lost.
    rig.store.write(
        transaction -> {
          transaction
              .dataSources()
              .put(new DataSourceRegistration(schema("unheard", Granularity.HOUR), null), 1);
          return transaction.nextViewNumber();
        });

    View next =
        rig.store.write(
            transaction -> {
              transaction.nextViewNumber();
              return StoredViews.next(before, transaction, Set.of("ads"));
            });

    assertThat(next.number()).isEqualTo(before.number() + 2);
    assertThat(next.dataSources()).containsExactly("ads", "unheard");
  }

  @Test
  void nothingWaitsForWhatARollbackLoadsNotEvenAtItsLastMoment() throws Exception {
    rig.commit(hour(1), 0, 10, 10);
    PublicationStatus published = rig.publish(hour(1), rig.version(hour(1)), 10);
    await().until(() -> rig.holder.served().size() == 1);
    LateCommit late = new LateCommit(rig);
    rig.holder.beforeLoad(late);
    ExecutorService thread = Executors.newFixedThreadPool(2);
    try {
      Future<PublicationStatus> rolledBack =
          thread.submit(() -> rig.coordinator.rollBack(published.id(), false));
      late.isLoading.await();

      // It takes the lock of the views.
      Future<PublicationStatus> status =
          thread.submit(() -> rig.coordinator.publication(published.id()));
      assertThat(status.get(30, TimeUnit.SECONDS).state()).isEqualTo(State.ACTIVE);

      late.loads.countDown();
      assertThat(rolledBack.get(30, TimeUnit.SECONDS).state()).isEqualTo(State.ROLLED_BACK);
      assertThat(current().visibleSegments()).hasSize(2);
    } finally {
      late.loads.countDown();
      thread.shutdown();
    }
  }

  /**
   * Commits more of the hour while the first segment that shows again is loaded; the new segment
   * then takes long to load.
   */
  private static final class LateCommit implements Consumer<SegmentDescriptor> {
    private final CountDownLatch isLoading = new CountDownLatch(1);
    private final CountDownLatch loads = new CountDownLatch(1);
    private final CoordinatorRig rig;
    private boolean committed;
    private volatile boolean committing;

    LateCommit(CoordinatorRig rig) {
      this.rig = rig;
    }

    @Override
    public void accept(SegmentDescriptor segment) {
      if (segment.path().equals("rt-0")) {
        commitOnce();
      } else if (!committing) {
        isLoading.countDown();
        try {
          loads.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    private synchronized void commitOnce() {
      if (!committed) {
        committed = true;
        committing = true;
        rig.commit(hour(1), 10, 20, 10).segments().forEach(made -> rig.holder.drop(made.id()));
        committing = false;
      }
    }
  }
}
