package io.starfire.serving.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.VersionRequest;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.StoreKind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Case L7: versions strictly increase, whatever the clocks say. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class BatchVersionsTest {
  private static final long START = Instant.parse("2026-11-21T08:00:00Z").toEpochMilli();

  @Parameter StoreKind storeKind;
  @TempDir Path directory;
  private MetadataLocation metadata;

  private static String next(CoordinatorRig rig, long runStart) {
    return rig.coordinator
        .nextVersion(new VersionRequest("ads", List.of(CoordinatorRig.hour(10)), runStart))
        .version();
  }

  @BeforeEach
  void place() {
    metadata = storeKind.location(directory);
  }

  @Test
  void aVersionIsTheRunsStart() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      assertThat(next(rig, START)).isEqualTo("2026-11-21T08:00:00.000Z");
    }
  }

  @Test
  void twoRunsOfOneMillisecondGetDifferentVersions() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      assertThat(next(rig, START)).isEqualTo("2026-11-21T08:00:00.000Z");
      assertThat(next(rig, START)).isEqualTo("2026-11-21T08:00:00.001Z");
    }
  }

  @Test
  void aRunWhoseClockIsBehindStillGetsAHigherVersion() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      assertThat(next(rig, START)).isEqualTo("2026-11-21T08:00:00.000Z");
      assertThat(next(rig, START - 3_600_000)).isEqualTo("2026-11-21T08:00:00.001Z");
    }
  }

  @Test
  void aVersionIsNeverBelowTheEndOfTheIntervals() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      assertThat(next(rig, 0)).isEqualTo("2026-11-20T11:00:00.000Z");
    }
  }

  @Test
  void versionsGoOnIncreasingAfterARestartWithAClockThatWentBack() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      next(rig, START);
    }
    InstantSource back = InstantSource.fixed(Instant.ofEpochMilli(START - 20 * 3_600_000));
    try (CoordinatorRig rig = new CoordinatorRig(metadata, back)) {
      assertThat(next(rig, START - 86_400_000)).isEqualTo("2026-11-21T08:00:00.001Z");
    }
  }

  @Test
  void concurrentRunsWithClocksApartGetStrictlyIncreasingVersions() throws Exception {
    AtomicLong jitter = new AtomicLong();
    InstantSource wild = () -> Instant.ofEpochMilli(START - jitter.getAndAdd(7_919) % 600_000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (CoordinatorRig rig = new CoordinatorRig(metadata, wild)) {
      List<Future<List<String>>> results = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        long skew = thread * 150_000L;
        results.add(
            threads.submit(
                () -> {
                  List<String> versions = new ArrayList<>();
                  for (int i = 0; i < 25; i++) {
                    versions.add(next(rig, START - skew));
                  }
                  return versions;
                }));
      }
      TreeSet<String> all = new TreeSet<>();
      for (Future<List<String>> result : results) {
        assertThat(result.get()).isSorted().doesNotHaveDuplicates();
        all.addAll(result.get());
      }
      assertThat(all).hasSize(100);
      assertThat(next(rig, 0)).isGreaterThan(all.last());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aVersionForAnUnknownDataSourceIsRefusedAndNamesThoseThatExist() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      VersionRequest request = new VersionRequest("clicks", List.of(CoordinatorRig.hour(1)), START);
      assertThatThrownBy(() -> rig.coordinator.nextVersion(request))
          .hasMessage("there is no data source 'clicks'; there are: ads");
    }
  }

  @Test
  void aRunStartBeyondTheYear9999IsRefused() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      assertThatThrownBy(() -> next(rig, Times.END_MILLIS))
          .hasMessageContaining("runStartMillis must be between the years 1970 and 9999");
    }
  }

  @Test
  void anIntervalThatIsNotOverIsRefused() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      for (String interval :
          List.of("2999-01-01/P1D", "9999-12-31/P1D", "2026-11-21T00/PT10H", "2026-11-20/P3D")) {
        VersionRequest request =
            new VersionRequest("ads", List.of(Interval.parse(interval)), START);
        assertThatThrownBy(() -> rig.coordinator.nextVersion(request))
            .hasMessageContainingAll("is not over", "2026-11-21T08:00:00.000Z");
      }
      assertThat(next(rig, START)).isEqualTo("2026-11-21T08:00:00.000Z");
    }
  }

  /** What is over is not for the clock of the run to say: it may be a day ahead. */
  @Test
  void aRunWhoseClockIsAheadCannotReplaceWhatIsNotOver() {
    InstantSource behind = InstantSource.fixed(Instant.ofEpochMilli(START - 23 * 3_600_000));
    try (CoordinatorRig rig = new CoordinatorRig(metadata, behind)) {
      assertThatThrownBy(() -> next(rig, START))
          .hasMessageContainingAll(
              "is not over", "2026-11-20T09:00:00.000Z", "of the run, 2026-11-21T08:00:00.000Z");
    }
    InstantSource over =
        InstantSource.fixed(Instant.ofEpochMilli(CoordinatorRig.hour(10).endMillis()));
    try (CoordinatorRig rig = new CoordinatorRig(metadata, over)) {
      assertThat(next(rig, START)).isEqualTo(Times.format(START));
    }
  }

  @Test
  void manyRequestsMoveVersionsByAMillisecondEach() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      for (int i = 0; i < 100; i++) {
        assertThat(next(rig, START)).isEqualTo(Times.format(START + i));
      }
    }
  }

  @Test
  void versionsAreThoseOfADataSourceAndNoOther() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      rig.coordinator.register(
          new DataSourceRegistration(CoordinatorRig.schema("clicks", Granularity.HOUR), null));
      VersionRequest clicks = new VersionRequest("clicks", List.of(CoordinatorRig.hour(10)), START);
      VersionRequest both =
          new VersionRequest(
              List.of("ads", "clicks"), List.of(CoordinatorRig.hour(10)), START - 3_600_000);

      assertThat(next(rig, START)).isEqualTo(Times.format(START));
      assertThat(next(rig, START)).isEqualTo(Times.format(START + 1));
      assertThat(rig.coordinator.nextVersion(clicks).version()).isEqualTo(Times.format(START));
      assertThat(rig.coordinator.nextVersion(both).version()).isEqualTo(Times.format(START + 2));
      assertThat(rig.coordinator.nextVersion(clicks).version()).isEqualTo(Times.format(START + 3));
    }
  }

  @Test
  void aRunWhoseClockIsFarAheadIsRefusedAndMovesNothing() {
    try (CoordinatorRig rig = new CoordinatorRig(metadata)) {
      long far = Instant.parse("2999-01-01T00:00:00Z").toEpochMilli();
      assertThatThrownBy(() -> next(rig, far))
          .hasMessageContainingAll("2999-01-01", "2026-11-21T00:00:00.000Z", "set the clock");
      assertThat(next(rig, START)).isEqualTo(Times.format(START));
    }
  }
}
