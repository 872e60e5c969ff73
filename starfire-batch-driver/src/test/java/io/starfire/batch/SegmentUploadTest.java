package io.starfire.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.batch.job.ShardFile;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.PublicationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentUploadTest {
  private static final DataSourceSchema SCHEMA =
      new DataSourceSchema("d", List.of(), List.of(), Granularity.DAY, Granularity.NONE, false);
  private static final Interval DAYS = Interval.parse("2026-11-01/P3D");
  private static final String VERSION = "2026-11-21T00:00:00.000Z";

  @TempDir Path directory;

  @Test
  void ifOneSegmentCannotBeStoredNoneStays() throws IOException {
    Path deep = Files.createDirectory(directory.resolve("deep %20 #{a} [b]"));
    SegmentUpload upload =
        new SegmentUpload("file://" + deep, new Configuration(false), line -> {});
    List<PlannedSegment> planned =
        PlannedSegment.all(
            SCHEMA,
            List.of(DAYS),
            VERSION,
            List.of(shard("2026-11-01", 0), shard("2026-11-02", 1)));
    PublicationRequest request =
        new PublicationRequest(
            "d",
            List.of(DAYS),
            VERSION,
            planned.stream().map(PlannedSegment::descriptor).toList(),
            "plan",
            Map.of(),
            Map.of(),
            false,
            false);
    assertThat(planned)
        .extracting(each -> each.descriptor().tombstone())
        .containsExactly(false, false, true);
    Path first = deep.resolve(planned.get(0).descriptor().path());
    Path second = deep.resolve(planned.get(1).descriptor().path());
    Files.createDirectories(second.getParent());
    Files.writeString(second, "of somebody else");

    assertThatThrownBy(() -> upload.store(request, planned))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("already has other bytes");

    assertThat(first).doesNotExist();
    assertThat(second).hasContent("of somebody else");
    assertThat(upload.unpublished().ids()).isEmpty();

    Files.delete(second);
    upload.store(request, planned);
    assertThat(first).hasContent("segment 0");
    assertThat(second).hasContent("segment 1");
    assertThat(upload.unpublished().ids()).containsExactly(request.id());
  }

  private ShardFile shard(String day, int number) throws IOException {
    Path file = Files.writeString(directory.resolve("shard %20 " + number), "segment " + number);
    long start = Interval.parse(day + "/P1D").startMillis();
    return new ShardFile(start, number, "file://" + file, Files.size(file), 1, 1);
  }
}
