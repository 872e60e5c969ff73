package io.starfire.segment.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
  @TempDir Path directory;

  private static RowSpec rows(String inputFormat) {
    return IngestionSpec.parse(
            Specs.files(
                "{\"dimensions\": [\"a\"]}",
                "[{\"type\": \"longSum\", \"name\": \"sum\", \"fieldName\": \"x\"}]",
                inputFormat))
        .rows();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static List<String> read(Path file, RowSpec spec) {
    List<String> read = new ArrayList<>();
    try (RecordFile records =
        RecordFile.open(file, spec, new DimensionCatalog(spec.schema(), 100))) {
      while (true) {
        try {
          DataRow row = records.next(timeMillis -> true);
          if (row == null) {
            return read;
          }
          read.add(row.dimension(0) + " " + row.longMetric(0));
        } catch (RejectedRecordException e) {
          read.add("line " + records.lineNumber() + ": " + e.getMessage());
        }
      }
    }
  }

  @Test
  void linesOfAllEndingsAreRead() throws IOException {
    Path file =
        file(
            "x.json",
            "\uFEFF{\"time\":1,\"a\":\"p\",\"x\":1}\r\n\n"
                + "{\"time\":2,\"a\":\"q\",\"x\":2}\n"
                + "no\n"
                + "{\"time\":3,\"x\":3}");
    assertThat(read(file, rows("{\"type\": \"json\"}")))
        .hasSize(4)
        .startsWith("p 1", "q 2")
        .endsWith("null 3")
        .element(2)
        .asString()
        .startsWith("line 4: it is not JSON");
  }

  @Test
  void aHeaderNamesTheColumns() throws IOException {
    Path file = file("x.csv", "comment\nx,\"time\",other,a\n1,5,\"o,o\",p\n2,6,,q\n");
    assertThat(
            read(
                file,
                rows(
                    "{\"type\": \"csv\", \"skipHeaderRows\": 1, \"findColumnsFromHeader\": true}")))
        .containsExactly("p 1", "q 2");
  }

  @Test
  void aHeaderWithoutAColumnThatIsNeededIsRefused() throws IOException {
    RowSpec spec = rows("{\"type\": \"csv\", \"findColumnsFromHeader\": true}");
    DimensionCatalog catalog = new DimensionCatalog(spec.schema(), 100);
    Path noTime = file("a.csv", "a,x\n");
    assertThatThrownBy(() -> RecordFile.open(noTime, spec, catalog))
        .hasMessageMatching(".*a.csv: its header does not have the time column 'time', it has .*");
    Path noMetric = file("b.csv", "a,time\n");
    assertThatThrownBy(() -> RecordFile.open(noMetric, spec, catalog))
        .hasMessageMatching(".*b.csv: its header does not have 'x', which a metric reads.*");
    Path twice = file("c.csv", "time,x,x\n");
    assertThatThrownBy(() -> RecordFile.open(twice, spec, catalog))
        .hasMessageMatching(".*c.csv: its header must have different names, got 'x' twice");
    Path empty = file("d.csv", "");
    assertThatThrownBy(() -> RecordFile.open(empty, spec, catalog))
        .hasMessageMatching(".*d.csv: the file is empty, and its first line must name the columns");
    assertThatThrownBy(() -> RecordFile.open(directory.resolve("e.csv"), spec, catalog))
        .isInstanceOf(StarfireException.class)
        .hasMessageMatching("there is no file .*e.csv");
  }

  @Test
  void longLinesAndManyOfThemAreReadAcrossBuffers() throws IOException {
    StringBuilder content = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      String value = "v".repeat(i % 700) + i;
      content.append("5,").append(value).append(',').append(i).append('\n');
      expected.add(value + " " + i);
    }
    String huge = "h".repeat(1_000_000);
    content.append("5,").append(huge).append(",7");
    expected.add(huge + " 7");
    RowSpec spec = rows("{\"type\": \"csv\", \"columns\": [\"time\", \"a\", \"x\"]}");
    assertThat(read(file("x.csv", content.toString()), spec)).isEqualTo(expected);
    Path packed = directory.resolve("x.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(content.toString().getBytes(UTF_8));
    }
    assertThat(read(packed, spec)).isEqualTo(expected);
    byte[] bytes = Files.readAllBytes(packed);
    Path cut = Files.write(directory.resolve("cut.csv.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> read(cut, spec))
        .isInstanceOf(StarfireException.class)
        .hasMessageMatching(".*cut.csv.gz is not a whole gzip file.*")
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.CORRUPT);
  }
}
