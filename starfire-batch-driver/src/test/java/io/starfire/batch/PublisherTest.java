package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.StarfireClient;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.storage.LocalDeepStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a run while the coordinator comes and goes. */
class PublisherTest {
  private static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");
  private static final String VERSION = "2026-11-21T00:00:00.000Z";
  private static final long START = Instant.parse(VERSION).toEpochMilli();

  private final Configuration configuration = new Configuration(false);

  @TempDir Path directory;
  private FakeCoordinator coordinator;
  private UnpublishedRequests unpublished;
  private PublicationRequest request;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Each look at the clock takes so long. */
  private final AtomicLong step = new AtomicLong();

  private final AtomicLong now = new AtomicLong(START);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.getAndAdd(step.get()));

  @BeforeEach
  void start() throws IOException {
    coordinator = new FakeCoordinator();
    LocalDeepStorage storage = new LocalDeepStorage(directory.resolve("deep"));
    unpublished =
        new SegmentUpload(directory.resolve("deep").toUri().toString(), configuration, lines::add)
            .unpublished();
    SegmentId id = new SegmentId("ads", HOUR, VERSION, 0);
    Path file = Files.writeString(directory.resolve("segment"), "bytes");
    String path = storage.push(file, "ads/" + id.fileName());
    request =
        new PublicationRequest(
            "ads",
            List.of(HOUR),
            VERSION,
            List.of(new SegmentDescriptor(id, 1, false, path, 5, 1, 1)),
            "plan",
            Map.of("clicked", "PT2H"),
            Map.of("files", List.of("a", "b")),
            false,
            false);
    unpublished.keep(request);
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  private Published publish() {
    return publish(coordinator.url());
  }

  private Published publish(String url) {
    return new Publisher(
            new StarfireClient(url, "--server"),
            unpublished,
            Duration.ofMinutes(10),
            clock,
            lines::add)
        .publish(request);
  }

  private Path segment() {
    return directory.resolve("deep").resolve(request.segments().get(0).path());
  }

  @Test
  void aCoordinatorThatDoesNotAnswerIsAskedAgain() {
    coordinator.cutBefore.set(2);

    assertThat(publish().state()).isEqualTo(State.ACTIVE);

    assertThat(coordinator.publications).containsExactly(request);
    assertThat(lines).anyMatch(line -> line.contains("is not registered yet"));
    assertThat(unpublished.ids()).isEmpty();
  }

  @Test
  void aRegistrationWhoseAnswerWasLostIsMadeOnce() {
    coordinator.cutAfter.set(1);

    assertThat(publish().state()).isEqualTo(State.ACTIVE);

    assertThat(coordinator.publications).containsExactly(request);
  }

  @Test
  void ifItStaysAwayTheWorkIsKeptAndThePrintedCommandPublishesIt() {
    step.set(Duration.ofMinutes(4).toMillis());
    StarfireException failure =
        catchThrowableOfType(StarfireException.class, () -> publish("http://127.0.0.1:1"));

    assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("http://127.0.0.1:1/starfire/v1/publications");
    assertThat(lines)
        .anyMatch(line -> line.contains("'bin/starfire publish " + request.id() + "'"));
    assertThat(segment()).exists();
    assertThat(unpublished.ids()).containsExactly(request.id());

    step.set(0);
    assertThat(PublishRun.run(request.id(), config(), lines::add, clock)).isTrue();
    assertThat(coordinator.publications).containsExactly(request);
    assertThat(unpublished.ids()).isEmpty();

    assertThat(PublishRun.run(request.id(), config(), lines::add, clock)).isTrue();
    assertThat(coordinator.publications).hasSize(1);
    assertThat(lines).anyMatch(line -> line.contains("is registered already, and ACTIVE"));
  }

  @Test
  void anUnknownRunIsAnsweredWithThoseThatWait() {
    assertThatThrownBy(() -> PublishRun.run("other", config(), lines::add, clock))
        .hasMessageContainingAll("no run 'other' waits", "there wait: " + request.id());
  }

  @Test
  void aCoordinatorThatGoesAfterTheRegistrationIsWaitedFor() {
    coordinator.cutLooks.set(3);

    assertThat(publish().state()).isEqualTo(State.ACTIVE);

    assertThat(lines)
        .contains("publication %s: registered".formatted(request.id()))
        .anyMatch(line -> line.contains("it is registered, and the coordinator will activate it"));
  }

  @Test
  void ifItStaysAwayAfterTheRegistrationTheResultSaysThatItIsRegistered() {
    coordinator.cutLooks.set(Integer.MAX_VALUE);
    step.set(Duration.ofMinutes(4).toMillis());

    Published published = publish();

    assertThat(published.state()).isEqualTo(State.STAGED);
    assertThat(published.reason())
        .contains("it is registered", "bin/starfire publication show " + request.id());
    assertThat(published.isAsWanted(false)).isFalse();
    assertThat(segment()).exists();
  }

  @ParameterizedTest
  @EnumSource(names = {"INVALID_INPUT", "NOT_FOUND", "CONFLICT", "REQUEST_TOO_LARGE"})
  void aRefusalThatSaysNothingOfTheSegmentsKeepsThem(ErrorCode code) {
    coordinator.refusal.set(new StarfireException(code, "not as it is now"));

    assertThatThrownBy(this::publish).hasMessageContaining("not as it is now");

    assertThat(segment()).exists();
    assertThat(unpublished.ids()).containsExactly(request.id());
    assertThat(lines)
        .anyMatch(line -> line.contains("'bin/starfire publish " + request.id() + "'"));

    coordinator.refusal.set(null);
    assertThat(PublishRun.run(request.id(), config(), lines::add, clock)).isTrue();
    assertThat(coordinator.publications).containsExactly(request);
  }

  @Test
  void whatNoCoordinatorWillEverTakeIsDeletedWithItsSegments() {
    coordinator.refusal.set(new StarfireException(ErrorCode.NOT_PUBLISHABLE, "it is not whole"));

    assertThatThrownBy(this::publish).hasMessageContaining("it is not whole");

    assertThat(segment()).doesNotExist();
    assertThat(unpublished.ids()).isEmpty();
  }

  @Test
  void whatIsRefusedButRegisteredKeepsItsSegments() {
    publish();
    unpublished.keep(request);
    coordinator.refusal.set(new StarfireException(ErrorCode.CONFLICT, "it is another"));

    assertThatThrownBy(this::publish).hasMessageContaining("it is another");

    assertThat(segment()).exists();
  }

  @Test
  void cleaningDeletesWhatWaitsOnlyIfAskedAndIfNobodyHasIt() throws IOException {
    Path ofDeadIndexRun = Files.createTempDirectory("starfire-index-");
    Files.writeString(ofDeadIndexRun.resolve("lock"), "");
    Cleaning.clean(config(), Map.of(), false, false, lines::add);
    assertThat(lines).anyMatch(line -> line.contains(request.id() + " waits to be published"));
    assertThat(segment()).exists();
    assertThat(ofDeadIndexRun).doesNotExist();

    assertThatThrownBy(
            () -> Cleaning.clean(config("http://127.0.0.1:1"), Map.of(), true, false, lines::add))
        .hasMessageContaining("no Starfire server answers");
    assertThat(segment()).exists();

    Cleaning.clean(config(), Map.of(), true, false, lines::add);
    assertThat(segment()).doesNotExist();
    assertThat(unpublished.ids()).isEmpty();
  }

  @Test
  void cleaningLeavesWhatALivingProcessIsAtWorkOn() throws IOException {
    try (Heartbeat alive = unpublished.workOn(request.id())) {
      Cleaning.clean(config(), Map.of(), true, false, lines::add);

      assertThat(segment()).exists();
      assertThat(unpublished.ids()).containsExactly(request.id());
      assertThat(lines).anyMatch(line -> line.contains(request.id() + " stays: a run or"));
    }
    try (Heartbeat other = unpublished.workOn(request.id() + ".other")) {
      assertThat(unpublished.isWorkedOn(request.id())).isFalse();
    }
    Path killed =
        Files.writeString(
            directory.resolve("deep/unpublished-runs/" + request.id() + ".killed.alive"), "");
    assertThat(unpublished.isWorkedOn(request.id())).isTrue();
    Files.setLastModifiedTime(
        killed,
        FileTime.fromMillis(
            Files.getLastModifiedTime(killed).toMillis()
                - DeadRuns.DEAD_AFTER.plusMinutes(1).toMillis()));

    Cleaning.clean(config(), Map.of(), true, false, lines::add);

    assertThat(segment()).doesNotExist();
    assertThat(directory.resolve("deep/unpublished-runs")).isEmptyDirectory();
  }

  @Test
  void cleaningKeepsTheSegmentsOfARunThatIsPublished() {
    publish();
    unpublished.keep(request);

    Cleaning.clean(config(), Map.of(), true, false, lines::add);

    assertThat(segment()).exists();
    assertThat(unpublished.ids()).isEmpty();
  }

  private StarfireConfig config() {
    return config(coordinator.url());
  }

  private StarfireConfig config(String url) {
    return StarfireConfig.fromMap(
        Map.of(
            "starfire.batch.work-dir", directory.resolve("work").toString(),
            "starfire.deep-storage.root", directory.resolve("deep").toString(),
            "starfire.server.coordinator-url", url));
  }
}
