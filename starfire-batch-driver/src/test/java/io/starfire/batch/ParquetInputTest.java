package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.batch.input.ParquetRows;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.PublicationStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parquet files as input: read in splits, and refused before any job if they are not what is
 * needed.
 */
class ParquetInputTest {
  private static final Interval INTERVAL = Interval.parse("2026-11-20T10/PT3H");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z"));
  private static final Map<String, String> NAMES = Map.of("a", "Anna", "b", "Bert", "c", "Carl");
  private static final long SEED = Long.getLong("starfire.seed", 20261121L);

  @TempDir Path directory;
  private FakeCoordinator coordinator;
  private AdEvents events;
  private Path views;

  @BeforeEach
  void start() throws IOException {
    System.out.println("seed " + SEED);
    coordinator = new FakeCoordinator();
    events = AdEvents.random(SEED, INTERVAL, 1_000);
    Files.writeString(directory.resolve("advertisers.csv"), "id,name\na,Anna\nb,Bert\nc,Carl\n");
    InputFiles.lines(
        directory.resolve("clicks.json"), events.clicks().stream().map(InputFiles::json).toList());
    views = directory.resolve("views.parquet");
    InputFiles.viewsAsParquet(views, events.views());
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void aFileOfSeveralRowGroupsIsReadInSeveralSplitsAndEachRowOnce() throws IOException {
    assertThat(ParquetRows.describe(views.toString(), new Configuration()).rowCount())
        .isEqualTo(events.views().size());
    // A mapper for each third of the file: the middles of its row groups lie in all of them.
    String third = Long.toString(Files.size(views) / 3);
    assertPublished(run(views, Map.of("starfire.batch.split-bytes", third)));
  }

  @Test
  void aFileThatIsCutOffIsRefusedAndTheNextRunWithTheWholeFileSucceeds() throws IOException {
    byte[] whole = Files.readAllBytes(views);
    Files.write(views, Arrays.copyOf(whole, whole.length - 100));

    assertThatThrownBy(() -> run(views, Map.of()))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageContainingAll(
            "views.parquet cannot be read", "cut off", "replace it, or take it out of the input");
    assertNothingHappened();

    Files.write(views, whole);
    assertPublished(run(views, Map.of()));
  }

  @Test
  void aFileWithADamagedPageIsRefusedWithItsName() throws IOException {
    byte[] whole = Files.readAllBytes(views);
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, 200, 2_000, (byte) 0x5a);
    Files.write(views, damaged);

    assertThatThrownBy(() -> run(views, Map.of()))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageContaining("views.parquet cannot be read");
    assertThat(coordinator.publications).isEmpty();
    assertThat(directory.resolve("work")).isEmptyDirectory();

    Files.write(views, whole);
    assertPublished(run(views, Map.of()));
  }

  @Test
  void aFileWithOtherColumnsIsRefusedWithThoseThatAreMissingAndThoseThatAreThere() {
    Map<String, String> renamed =
        Map.of(
            "starfire.sources.views.fields.price", "cost",
            "starfire.sources.views.fields.id", "view_id");
    assertThatThrownBy(() -> run(views, renamed))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContainingAll(
            "views.parquet lacks the columns [view_id, cost], which View needs",
            "it has [id, at, advertiser, price, unused]",
            "starfire.sources.views.fields");
    assertNothingHappened();
  }

  private void assertNothingHappened() {
    assertThat(coordinator.versionRequests).isEmpty();
    assertThat(coordinator.publications).isEmpty();
    assertThat(directory.resolve("work")).doesNotExist();
  }

  private void assertPublished(BatchReport report) {
    assertThat(report.publication().state()).isEqualTo(State.ACTIVE);
    assertThat(
            StoredRows.read(directory.resolve("deep"), coordinator.publications.get(0).segments()))
        .isEqualTo(events.expected(INTERVAL, NAMES));
  }

  private BatchReport run(Path file, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>();
    all.put("starfire.batch.work-dir", directory.resolve("work").toString());
    all.put("starfire.deep-storage.root", directory.resolve("deep").toString());
    all.put("starfire.server.coordinator-url", coordinator.url());
    all.put("starfire.lookups.advertisers.file", directory.resolve("advertisers.csv").toString());
    all.put("starfire.sources.views.batch.paths", file.toString());
    all.put("starfire.sources.clicks.batch.paths", directory + "/clicks.json");
    all.putAll(more);
    return BatchRun.run(
        BatchOptions.of(AdPipeline.class.getName(), INTERVAL, StarfireConfig.fromMap(all)),
        line -> {},
        CLOCK);
  }
}
