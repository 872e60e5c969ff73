package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.segment.NaiveRows;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  @TempDir Path directory;

  @Test
  void everyFlippedByteOfASmallFileIsDetected() throws IOException {
    byte[] good = segment(20);
    List<Object> contents = readAll(directory.resolve("good"));
    Path file = directory.resolve("bad");
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << (at & 7));
      Files.write(file, bad);
      expectDetected(file, at, contents);
    }
  }

  @Test
  void flippedBytesOfABigFileAreDetected() throws IOException {
    byte[] good = segment(30_000);
    List<Object> contents = readAll(directory.resolve("good"));
    Random random = new RandomRows(5).random();
    Path file = directory.resolve("bad");
    for (int i = 0; i < 40; i++) {
      int at = random.nextInt(good.length);
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, bad);
      expectDetected(file, at, contents);
    }
  }

  @Test
  void everyTruncationIsDetectedOnOpening() throws IOException {
    byte[] good = segment(20);
    Path file = directory.resolve("bad");
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> SegmentReader.open(file).close())
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
          .hasMessageContaining(file.toString());
    }
    Files.write(file, Arrays.copyOf(good, good.length + 8));
    assertThatThrownBy(() -> SegmentReader.open(file).close()).hasMessageContaining("damaged");
  }

  @Test
  void theMessageNamesFileColumnAndBlockAndWhatToDo() throws IOException {
    byte[] bad = segment(9000);
    Path file = directory.resolve("bad");
    SegmentFile segment = SegmentFile.open(directory.resolve("good"));
    ColumnDirectory column = segment.metadata().columns().get(5);
    int at = column.data.uncheckedOffset(1);
    int length = column.data.length(1);
    segment.file().release();
    bad[at + 30] ^= 4;
    Files.write(file, bad);
    try (SegmentReader reader = SegmentReader.open(file)) {
      long[] out = new long[1024];
      io.starfire.segment.column.LongColumn clean =
          (io.starfire.segment.column.LongColumn) reader.column(column.name);
      clean.read(0, 1024, out);
      assertThatThrownBy(() -> clean.read(8192, 100, out))
          .hasMessage(
              "segment file %s is damaged: column '%s', data block 1 (bytes %d to %d) does not match its checksum; delete it and fetch it again from deep storage, or write it again by a batch run"
                  .formatted(file, column.name, at, at + length));
    }
    assertThat(SegmentCheck.check(file).problems())
        .singleElement()
        .asString()
        .contains("data block 1");
    assertThat(SegmentCheck.check(directory.resolve("good")).problems()).isEmpty();
  }

  @Test
  void aMissingFileAndAFileOfAnotherVersionAreTold() throws IOException {
    assertThatThrownBy(() -> SegmentReader.open(directory.resolve("none")))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("does not exist");
    Path text = directory.resolve("text");
    Files.writeString(text, "x".repeat(800));
    assertThatThrownBy(() -> SegmentReader.open(text))
        .hasMessageContaining("its first 8 bytes are not those of a segment file");
  }

  private byte[] segment(int events) throws IOException {
    RandomRows random = new RandomRows(events);
    IncrementalIndex index = new IncrementalIndex(RandomRows.schema(Granularity.MINUTE, true));
    random.next(events).forEach(index::add);
    Path file = directory.resolve("good");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, RandomRows.HOUR, file);
    }
    return Files.readAllBytes(file);
  }

  private static void expectDetected(Path file, int at, List<Object> contents) {
    try (SegmentReader reader = SegmentReader.open(file)) {
      reader.verify();
      fail("the damage at byte %d was not found by verify", at);
    } catch (StarfireException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
      assertThat(e).hasMessageContaining(file.toString());
    }
    try {
      assertThat(readAll(file)).as("damage at byte %d", at).isEqualTo(contents);
      fail("the damage at byte %d was not found by reading everything", at);
    } catch (StarfireException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
    }
    if (at % 16 == 0) {
      assertThat(SegmentCheck.check(file).isWhole()).isFalse();
    }
  }

  private static List<Object> readAll(Path file) {
    try (SegmentReader reader = SegmentReader.open(file)) {
      List<Object> contents = new ArrayList<>(NaiveRows.read(reader, 1024));
      for (String name : List.of("city", "tags")) {
        StringColumn column = (StringColumn) reader.column(name);
        for (int id = 0; id < column.cardinality(); id++) {
          contents.add(column.idOf(column.value(id)));
          contents.add(column.rowsOf(id).getLongCardinality());
        }
      }
      return contents;
    }
  }
}
