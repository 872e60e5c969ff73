package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.segment.NaiveRows;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file with nested values, as the program wrote it that brought them, and its rows with what the
 * columns of paths say. It is never written again.
 */
class NestedGoldenTest {
  @TempDir private Path directory;

  @Test
  void nestedValuesAndTheColumnsOfTheirPathsAreRead() throws IOException {
    Path file = directory.resolve("golden.segment");
    Files.write(file, resource("version-2-with-nested-values.segment"));
    assertThat(SegmentCheck.check(file).problems()).isEmpty();
    assertThat(lines(file))
        .isEqualTo(
            new String(resource("rows-nested.txt"), StandardCharsets.US_ASCII).lines().toList());
  }

  /** A line for each row, then one for each column of a path. */
  static List<String> lines(Path file) {
    List<String> lines = new ArrayList<>();
    try (SegmentReader reader = SegmentReader.open(file)) {
      NaiveRows.read(reader, 1024).forEach(row -> lines.add(row.toString()));
      for (String name : reader.pathColumns()) {
        Column column = reader.column(name);
        List<String> values = new ArrayList<>();
        for (int row = 0; row < reader.rowCount(); row++) {
          values.add(PathColumnsTest.text(column, row));
        }
        lines.add("%s: %s %s".formatted(name.replace('\0', ' '), type(column), values));
      }
    }
    return lines.stream().map(SegmentVersionsTest::printable).toList();
  }

  private static String type(Column column) {
    if (column instanceof LongColumn) {
      return "LONG";
    }
    return column instanceof DoubleColumn
        ? "DOUBLE"
        : "STRING of " + ((StringColumn) column).cardinality();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = NestedGoldenTest.class.getResourceAsStream("golden/" + name)) {
      return in.readAllBytes();
    }
  }
}
