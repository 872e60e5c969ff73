package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.NaiveRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files of each version of the format, as the program of its time wrote them, and the rows that are
 * in all of them, which people can read. A file is never written again; a new version gets one.
 */
class SegmentVersionsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"version-1,1", "version-2,2", "version-2-with-summaries,2"})
  void aFileOfEachVersionIsReadAndWhole(String name, int version) throws IOException {
    Path file = directory.resolve("golden.segment");
    Files.write(file, resource(name + ".segment"));
    assertThat(SegmentInfo.of(file).formatVersion()).isEqualTo(version);
    assertThat(SegmentCheck.check(file).problems()).isEmpty();
    try (SegmentReader reader = SegmentReader.open(file)) {
      reader.verify();
      List<String> rows =
          NaiveRows.read(reader, 1024).stream().map(row -> printable(row.toString())).toList();
      assertThat(rows)
          .isEqualTo(new String(resource("rows.txt"), StandardCharsets.US_ASCII).lines().toList());
    }
  }

  /** The bytes of a sketch are the library's, which may change as the format does. */
  @Test
  @DisabledIf("io.starfire.segment.sketch.SketchLibrary#isMissing")
  void sketchesOfAnEarlierFileSayWhatTheySaidThen() throws IOException {
    Path file = directory.resolve("golden.segment");
    Files.write(file, resource("version-2-with-sketches.segment"));
    assertThat(SegmentInfo.of(file).formatVersion()).isEqualTo(2);
    assertThat(SegmentCheck.check(file).problems()).isEmpty();
    try (SegmentReader reader = SegmentReader.open(file)) {
      reader.verify();
      assertThat(SketchTexts.of(reader))
          .isEqualTo(
              new String(resource("sketches.txt"), StandardCharsets.US_ASCII).lines().toList());
    }
  }

  @Test
  void aFileOfALaterVersionIsRefusedWithASentence() throws IOException {
    byte[] bytes = resource("version-2.segment");
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(8, SegmentFormat.VERSION + 1);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 28);
    header.putInt(28, (int) crc.getValue());
    Path file = directory.resolve("later.segment");
    Files.write(file, bytes);
    assertThatThrownBy(() -> SegmentReader.open(file))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("has format version 3")
        .hasMessageContaining("this program reads versions 1 to 2");
  }

  @Test
  void aPartThatIsNotKnownIsRefusedByItsName() {
    ByteSink bytes = new ByteSink();
    new ColumnDirectory("city", io.starfire.event.ColumnType.STRING).write(bytes);
    // The last number of a column without parts is how many it has.
    ByteBuffer in = ByteBuffer.wrap(bytes.array()).order(ByteOrder.LITTLE_ENDIAN);
    in.putInt(bytes.length() - 4, 1);
    bytes.putText("future");
    bytes.putInt(0);
    ByteBuffer changed = ByteBuffer.wrap(bytes.array()).order(ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> ColumnDirectory.read(changed, SegmentFormat.VERSION))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("column 'city' has a part 'future'");
  }

  /** Characters that a text file should not have become their numbers. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.chars()
        .forEach(
            c ->
                printable.append(
                    c >= ' ' && c < 0x7F ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
    return printable.toString();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = SegmentVersionsTest.class.getResourceAsStream("golden/" + name)) {
      return in.readAllBytes();
    }
  }
}
