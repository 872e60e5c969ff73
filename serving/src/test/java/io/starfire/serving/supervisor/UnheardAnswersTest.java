package io.starfire.serving.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SharedKafka;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.historical.Historical;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.metadata.StoreWithoutSync;
import io.starfire.serving.realtime.RealtimeNode;
import io.starfire.serving.realtime.RealtimeSettings;
import io.starfire.serving.realtime.RealtimeState;
import io.starfire.serving.role.LocalRows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each change of a supervisor is stored, and its caller told that this is not known. */
class UnheardAnswersTest {
  private static final String ID = "unheard";

  @TempDir Path directory;
  private final AtomicBoolean syncFails = new AtomicBoolean();
  private final AtomicInteger unanswered = new AtomicInteger();
  private MetadataStore store;
  private Historical historical;
  private Coordinator coordinator;
  private RealtimeNode node;
  private SupervisorManager supervisors;

  @BeforeEach
  void start() {
    InstantSource clock = InstantSource.system();
    LocalDeepStorage deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    store = StoreWithoutSync.open(StoreKind.H2.location(directory), this::failsToSync);
    historical = new Historical(directory.resolve("cache"), deepStorage, 1 << 20);
    coordinator =
        Coordinator.start(
            store,
            historical,
            deepStorage,
            scan -> LocalRows.ofNothing(),
            Coordinator.Settings.DEFAULT,
            clock);
    node =
        new RealtimeNode(
            RealtimeSettings.builder(
                    directory.resolve("realtime"),
                    Map.of("bootstrap.servers", SharedKafka.kafka().bootstrapServers()))
                .build(),
            coordinator.realtime(),
            deepStorage,
            new SimpleMeterRegistry(),
            clock);
    supervisors = SupervisorManager.start(coordinator, Optional.of(node), clock);
  }

  private boolean failsToSync() {
    return syncFails.get() && unanswered.incrementAndGet() > 0;
  }

  @AfterEach
  void stop() {
    supervisors.close();
    node.close();
    coordinator.close();
    historical.close();
    store.close();
  }

  private void unknown(ThrowingCallable change) {
    syncFails.set(true);
    assertThatThrownBy(change)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME));
    syncFails.set(false);
  }

  private static String spec(String topic) {
    return """
    {"type": "kafka", "spec": {
      "dataSchema": {
        "dataSource": "unheard",
        "timestampSpec": {"column": "time", "format": "iso"},
        "dimensionsSpec": {"dimensions": ["host"]},
        "granularitySpec": {"segmentGranularity": "HOUR"}},
      "ioConfig": {
        "topic": "%s", "inputFormat": {"type": "json"},
        "consumerProperties": {"bootstrap.servers": "%s"}}}}
    """
        .formatted(topic, SharedKafka.kafka().bootstrapServers());
  }

  @Test
  void whatIsAskedForAgainIsDoneAndAnsweredAsTheFirstTime() {
    String spec = spec(SharedKafka.newTopic("unheard", 1));
    unknown(() -> supervisors.post(spec));
    assertThat(node.dataSources()).as("it is stored, and the node follows").containsExactly(ID);
    assertThat(supervisors.post(spec)).isEqualTo(ID);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> node.status(ID).state() == RealtimeState.RUNNING);

    unknown(() -> supervisors.suspend(ID));
    assertThat(node.isSuspended(ID)).isTrue();
    assertThat(supervisors.suspend(ID).suspended()).isTrue();
    assertThatThrownBy(() -> supervisors.suspend(ID))
        .hasMessage("supervisor 'unheard': it is suspended, so it cannot be suspended");

    unknown(() -> supervisors.resume(ID));
    assertThat(node.isSuspended(ID)).isFalse();
    assertThat(supervisors.resume(ID).suspended()).isFalse();
    assertThatThrownBy(() -> supervisors.resume(ID))
        .hasMessage("supervisor 'unheard': it is running, so it cannot be resumed");

    unknown(() -> supervisors.terminate(ID));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> supervisors.all().isEmpty());
    assertThat(node.dataSources()).isEmpty();
    supervisors.terminate(ID);
    assertThatThrownBy(() -> supervisors.terminate(ID))
        .hasMessage("there is no supervisor 'unheard'; there are []");
  }

  @Test
  void aRemovalOfWhichNothingIsKnownLeavesNothingBehind() {
    String spec = spec(SharedKafka.newTopic("unheard", 1));
    assertThat(supervisors.post(spec)).isEqualTo(ID);
    // From here on each write is done, and none is answered: the order to terminate, and the
    // removal.
    syncFails.set(true);
    assertThatThrownBy(() -> supervisors.terminate(ID)).isInstanceOf(StarfireException.class);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> supervisors.all().isEmpty());
    assertThat(unanswered.get()).as("writes that were not answered").isGreaterThanOrEqualTo(2);
    syncFails.set(false);
    assertThat(node.dataSources()).isEmpty();
    assertThat(supervisors.post(spec)).isEqualTo(ID);
    assertThat(node.dataSources()).containsExactly(ID);
  }

  @Test
  void aSpecThatIsStoredAndCouldNotBeStartedIsNotTakenForDoneWhenItIsPostedAgain() {
    String spec = spec(SharedKafka.newTopic("unheard", 1));
    node.close();
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> supervisors.post(spec)).hasMessage("the real-time node is closed");
    }
    assertThat(supervisors.status(ID).problem()).contains("the real-time node is closed");
  }
}
