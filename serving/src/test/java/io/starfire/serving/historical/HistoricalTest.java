package io.starfire.serving.historical;

import static io.starfire.serving.SegmentFiles.hour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SegmentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoricalTest {
  private static final String VERSION = "2026-11-21T00:00:00.000Z";

  @TempDir Path directory;
  private LocalDeepStorage deepStorage;
  private Historical historical;
  private SegmentDescriptor segment;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("work"));
    deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    segment = SegmentFiles.push(deepStorage, directory.resolve("work"), hour(10), VERSION, 100, 2);
    historical = open(1 << 30);
  }

  @AfterEach
  void stop() {
    historical.close();
  }

  private Historical open(long maxBytes) {
    return new Historical(directory.resolve("cache"), deepStorage, maxBytes);
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      return files.toList();
    }
  }

  private static void flipByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
  }

  /** Waits until it is loaded, or throws why it could not be. */
  private void load(SegmentDescriptor segment) {
    try {
      historical.load(segment).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StarfireException why ? why : e;
    }
  }

  @Test
  void aLoadedSegmentIsServed() {
    load(segment);
    load(segment);
    assertThat(historical.served()).containsExactly(segment.id());
    try (IndexedRows rows = historical.open(segment).orElseThrow()) {
      assertThat(rows.eventCount()).isEqualTo(100);
    }
  }

  @Test
  void whatMayBeSparedGivesWayWhenRoomIsShortAndTakesNone() {
    SegmentDescriptor other =
        SegmentFiles.push(deepStorage, directory.resolve("work"), hour(11), VERSION, 100, 2);
    historical.close();
    historical = open(segment.sizeBytes() + other.sizeBytes() - 1);
    load(segment);
    historical.spare(Set.of(other.id()));
    assertThatThrownBy(() -> load(other)).hasMessageContaining("has no room");
    assertThat(historical.served()).containsExactly(segment.id());

    historical.spare(Set.of(segment.id()));
    load(other);
    assertThat(historical.served()).containsExactly(other.id());
  }

  @Test
  void aDroppedSegmentStaysReadableForWhoHasItOpen() throws IOException {
    load(segment);
    try (IndexedRows rows = historical.open(segment).orElseThrow()) {
      historical.drop(segment.id());
      assertThat(historical.open(segment)).isEmpty();
      await().until(() -> cached().isEmpty());
      long[] times = new long[rows.rowCount()];
      rows.time().read(0, times.length, times);
      assertThat(times[0]).isEqualTo(hour(10).startMillis());
    }
  }

  @Test
  void aLocalCopyIsUsedAgainAfterARestart() throws IOException {
    load(segment);
    historical.close();
    deepStorage.delete(segment.path());

    historical = open(1 << 30);
    load(segment);
    assertThat(historical.serves(segment.id())).isTrue();
  }

  @Test
  void aDamagedLocalCopyIsFetchedAgain() throws IOException {
    load(segment);
    historical.close();
    flipByte(cached().get(0));

    historical = open(1 << 30);
    load(segment);
    try (IndexedRows rows = historical.open(segment).orElseThrow()) {
      assertThat(rows.rowCount()).isEqualTo((int) segment.rowCount());
    }
  }

  @Test
  void aFileThatIsDamagedInDeepStorageIsNotLoaded() throws IOException {
    flipByte(directory.resolve("deep").resolve(segment.path()));
    assertThatThrownBy(() -> load(segment))
        .hasMessageContaining("'%s' in deep storage cannot be served".formatted(segment.path()))
        .hasMessageContaining("is damaged");
    assertThat(historical.served()).isEmpty();
    assertThat(cached()).isEmpty();
  }

  @Test
  void aFileThatIsMissingInDeepStorageIsNotLoaded() {
    deepStorage.delete(segment.path());
    assertThatThrownBy(() -> load(segment)).hasMessageContaining("has no file");
  }

  @Test
  void aFileThatIsAnotherSegmentIsNotLoaded() {
    SegmentId id = new SegmentId("ads", hour(11), VERSION, 0);
    SegmentDescriptor wrong =
        new SegmentDescriptor(
            id,
            1,
            false,
            segment.path(),
            segment.sizeBytes(),
            segment.rowCount(),
            segment.eventCount());
    assertThatThrownBy(() -> load(wrong))
        .hasMessageContaining("is not segment " + id)
        .hasMessageContaining("it holds ads over " + hour(10));
    assertThat(historical.served()).isEmpty();
  }

  @Test
  void aFullCacheRefusesAndSaysSo() throws IOException {
    historical.close();
    historical = open(segment.sizeBytes() + 10);
    SegmentDescriptor second =
        SegmentFiles.push(deepStorage, directory.resolve("work"), hour(11), VERSION, 100, 2);
    load(segment);
    assertThatThrownBy(() -> load(second))
        .hasMessageContaining("has no room for %d more".formatted(second.sizeBytes()))
        .hasMessageContaining("starfire.server.cache-max-bytes");
    assertThat(historical.served()).containsExactly(segment.id());
    historical.drop(segment.id());
    load(second);
    assertThat(historical.served()).containsExactly(second.id());
  }

  @Test
  void whoAsksForOneFileDoesNotWaitForAnotherThatIsBeingBrought() throws Exception {
    SegmentDescriptor slow =
        SegmentFiles.push(deepStorage, directory.resolve("work"), hour(11), VERSION, 100, 2);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch arrives = new CountDownLatch(1);
    historical.close();
    historical =
        new Historical(
            directory.resolve("cache"), new SlowStorage(deepStorage, asked, arrives), 1 << 30);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      historical.fetch(segment.path(), segment.sizeBytes());
      Future<?> first = threads.submit(() -> load(slow));
      asked.await();
      Future<?> second = threads.submit(() -> load(slow));

      // As under the lock of the views: what was fetched is loaded and dropped.
      load(segment);
      historical.drop(segment.id());
      load(segment);
      assertThat(historical.served()).containsExactly(segment.id());

      arrives.countDown();
      first.get(30, TimeUnit.SECONDS);
      second.get(30, TimeUnit.SECONDS);
      assertThat(historical.served()).containsExactlyInAnyOrder(segment.id(), slow.id());
    } finally {
      arrives.countDown();
      threads.shutdown();
    }
  }

  @Test
  void whoWaitsForAnOrderThatHasNotBegunHearsThatTheHistoricalIsStopped() throws Exception {
    SegmentDescriptor slow =
        SegmentFiles.push(deepStorage, directory.resolve("work"), hour(11), VERSION, 100, 2);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch arrives = new CountDownLatch(1);
    historical.close();
    historical =
        new Historical(
            directory.resolve("cache"), new SlowStorage(deepStorage, asked, arrives), 1 << 30);
    try {
      List<CompletableFuture<Void>> orders =
          Stream.generate(() -> historical.load(slow)).limit(20).toList();
      asked.await();
      historical.close();
      assertThatThrownBy(() -> orders.get(19).get(30, TimeUnit.SECONDS))
          .cause()
          .hasMessage("the historical is being stopped and loads nothing more");
    } finally {
      arrives.countDown();
    }
  }

  /** Deep storage in which the file that ends at twelve does not come before it is let go. */
  private record SlowStorage(DeepStorage files, CountDownLatch asked, CountDownLatch arrives)
      implements DeepStorage {
    @Override
    public String root() {
      return files.root();
    }

    @Override
    public String push(Path localFile, String path) {
      return files.push(localFile, path);
    }

    @Override
    public void fetch(String path, Path target) {
      if (path.contains("T120000")) {
        asked.countDown();
        try {
          arrives.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      files.fetch(path, target);
    }

    @Override
    public void delete(String path) {
      files.delete(path);
    }

    @Override
    public boolean exists(String path) {
      return files.exists(path);
    }

    @Override
    public List<String> list(String under) {
      return files.list(under);
    }
  }

  @Test
  void aFetchedFileThatNothingIsMadeOfIsForgotten() throws IOException {
    historical.fetch(segment.path(), segment.sizeBytes());
    assertThat(cached()).hasSize(1);
    assertThat(historical.open(segment)).isPresent().get().satisfies(IndexedRows::close);
    historical.forget(segment.path());
    assertThat(historical.open(segment)).isEmpty();
    await().until(() -> cached().isEmpty());

    historical.fetch(segment.path(), segment.sizeBytes());
    load(segment);
    historical.forget(segment.path());
    assertThat(historical.open(segment)).isPresent().get().satisfies(IndexedRows::close);
  }
}
