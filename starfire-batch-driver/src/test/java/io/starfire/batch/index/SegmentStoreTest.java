package io.starfire.batch.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.batch.job.ShardFile;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.LocalDeepStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentStoreTest {
  private static final DataSourceSchema SCHEMA =
      new DataSourceSchema("d", List.of(), List.of(), Granularity.DAY, Granularity.NONE, false);
  private static final Interval DAYS = Interval.parse("2026-11-01/P2D");

  @TempDir Path directory;

  @Test
  void ifOneSegmentCannotBeStoredNoneStays() throws IOException {
    Path deep = directory.resolve("deep");
    SegmentStore store = new SegmentStore(new LocalDeepStorage(deep));
    List<ShardFile> shards = List.of(shard("2026-11-01", 0), shard("2026-11-02", 1));
    List<SegmentDescriptor> stored = store.store(SCHEMA, List.of(DAYS), "v1", shards);
    store.withdraw();
    assertThat(deep.resolve(stored.get(0).path())).doesNotExist();
    Path other = deep.resolve(stored.get(1).path());
    Files.writeString(other, "of somebody else");

    assertThatThrownBy(() -> store.store(SCHEMA, List.of(DAYS), "v1", shards))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("already has other bytes");

    assertThat(deep.resolve(stored.get(0).path())).doesNotExist();
    assertThat(other).hasContent("of somebody else");
  }

  private ShardFile shard(String day, int number) throws IOException {
    Path file = Files.writeString(directory.resolve("shard-" + number), "segment " + number);
    long start = Interval.parse(day + "/P1D").startMillis();
    return new ShardFile(start, number, file.toUri().toString(), Files.size(file), 1, 1);
  }
}
