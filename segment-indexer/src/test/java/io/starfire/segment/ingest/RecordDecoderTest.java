package io.starfire.segment.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Times;
import io.starfire.decoding.RawRecord;
import io.starfire.event.DataRow;
import io.starfire.event.DimensionSpec;
import io.starfire.event.Outcome;
import io.starfire.segment.sketch.SketchSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
  private static final String METRICS =
      """
      [{"type": "count", "name": "n"},
       {"type": "longSum", "name": "bytes", "fieldName": "bytes"},
       {"type": "doubleSum", "name": "price", "fieldName": "price"},
       {"type": "doubleMax", "name": "top", "fieldName": "price"}]\
      """;

  private static final class Rig {
    final RowSpec spec;
    final DimensionCatalog catalog;
    final RecordDecoder decoder;

    Rig(String dimensionsSpec, String inputFormat, int maxDimensions) {
      spec = IngestionSpec.parse(Specs.files(dimensionsSpec, METRICS, inputFormat)).rows();
      catalog = new DimensionCatalog(spec.schema(), maxDimensions);
      decoder = RecordDecoder.of(spec, catalog);
    }

    static Rig json(String dimensionsSpec) {
      return new Rig(dimensionsSpec, "{\"type\": \"json\"}", 100);
    }

    DataRow read(String record) {
      return decoder.decode(record.getBytes(UTF_8));
    }

    List<String> names() {
      return catalog.schema().dimensions().stream().map(DimensionSpec::name).toList();
    }
  }

  private static List<Object> dimensions(DataRow row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.dimensionCount(); i++) {
      values.add(row.dimension(i));
    }
    return values;
  }

  @Test
  void namedFieldsBecomeValuesOfTheirColumns() {
    Rig rig =
        Rig.json(
            """
            {"dimensions": ["s", {"type": "long", "name": "l"}, {"type": "double", "name": "d"}]}\
            """);
    DataRow row =
        rig.read(
            """
            {"time": "2015-09-12T00:46:58.771Z", "s": "ä\\u20ac", "l": "12", "d": 1.5,
             "bytes": 7, "price": "2.25", "other": {"a": [1, {"b": 2}]}}\
            """);
    assertThat(row.timeMillis()).isEqualTo(Times.parse("2015-09-12T00:46:58.771Z"));
    assertThat(dimensions(row)).containsExactly("ä€", 12L, 1.5);
    assertThat(row.longMetric(1)).isEqualTo(7);
    assertThat(row.doubleMetric(2)).isEqualTo(2.25);
    assertThat(row.doubleMetric(3)).isEqualTo(2.25);
    assertThat(row.isMetricNull(0)).isFalse();
    assertThat(row.isMetricNull(1)).isFalse();
  }

  @Test
  @DisabledIf("io.starfire.segment.sketch.SketchLibrary#isMissing")
  void fieldsBecomeTheInputsOfSketches() {
    byte[] sketch = SketchSpec.of("HLLSketchMerge", Map.of()).newBuilder().toBytes();
    RowSpec spec =
        IngestionSpec.parse(
                Specs.files(
                    "{\"dimensions\": [\"user\"]}",
                    """
                    [{"type": "HLLSketchBuild", "name": "users", "fieldName": "user", "lgK": 14},
                     {"type": "HLLSketchMerge", "name": "merged", "fieldName": "sketch"},
                     {"type": "thetaSketch", "name": "set", "fieldName": "id", "size": 4096},
                     {"type": "quantilesDoublesSketch", "name": "q", "fieldName": "ms", "k": 64}]\
                    """,
                    "{\"type\": \"json\"}"))
            .rows();
    assertThat(spec.schema().metrics().get(0).settings()).isEqualTo(Map.of("lgK", 14L));
    RecordDecoder decoder = RecordDecoder.of(spec, new DimensionCatalog(spec.schema(), 100));
    DataRow row =
        decoder.decode(
            "{\"time\": 5, \"user\": [\"b\", \"a\"], \"sketch\": \"%s\", \"id\": 12, \"ms\": \"2.5\"}"
                .formatted(Base64.getEncoder().encodeToString(sketch))
                .getBytes(UTF_8));
    assertThat(dimensions(row)).containsExactly(List.of("a", "b"));
    assertThat(row.sketchInput(0)).isEqualTo(List.of("b", "a"));
    assertThat(row.sketchInput(1)).isEqualTo(sketch);
    assertThat(row.sketchInput(2)).isEqualTo(12L);
    assertThat(row.sketchInput(3)).isEqualTo(2.5);
    DataRow empty = decoder.decode("{\"time\": 5, \"user\": null, \"ms\": \"\"}".getBytes(UTF_8));
    assertThat(empty.sketchInput(0)).isNull();
    assertThat(empty.sketchInput(3)).isNull();
    for (String bad : List.of("\"sketch\": \"AAAA\"", "\"ms\": \"fast\"", "\"ms\": true")) {
      assertThatThrownBy(() -> decoder.decode(("{\"time\": 5, " + bad + "}").getBytes(UTF_8)))
          .as(bad)
          .hasMessageContaining("must be a");
    }
  }

  @Test
  void nestedFieldsAreKeptAsJson() {
    Rig rig =
        Rig.json(
            "{\"dimensions\": [{\"type\": \"json\", \"name\": \"doc\"}, {\"type\": \"json\","
                + " \"name\": \"more\"}]}");
    assertThat(
            dimensions(
                rig.read(
                    """
                    {"time": 5, "doc": {"a": {"b": 1.50}, "list": [1, "x", null, {}]}, "more": [true, {"a": 1, "a": 2}]}\
                    """)))
        .containsExactly("{\"a\":{\"b\":1.50},\"list\":[1,\"x\",null,{}]}", "[true,{\"a\":2}]");
    assertThat(dimensions(rig.read("{\"time\": 5, \"doc\": \"te\\\"xt\", \"more\": 7}")))
        .containsExactly("\"te\\\"xt\"", "7");
    assertThat(dimensions(rig.read("{\"time\": 5, \"doc\": null, \"more\": {}}")))
        .containsExactly(null, "{}");
    assertThat(rig.read("{\"time\": 5}").dimensionCount()).isEqualTo(2);
  }

  @Test
  void missingAndNullFieldsAreNull() {
    Rig rig = Rig.json("{\"dimensions\": [\"s\", {\"type\": \"long\", \"name\": \"l\"}]}");
    DataRow row = rig.read("{\"time\": 5, \"s\": null, \"l\": \"\", \"price\": \"\"}");
    assertThat(dimensions(row)).containsExactly(null, null);
    assertThat(row.isMetricNull(0)).as("a count has no input").isFalse();
    assertThat(row.isMetricNull(1)).isTrue();
    assertThat(row.isMetricNull(2)).isTrue();
  }

  @Test
  void valuesOfStringDimensionsAreText() {
    Rig rig = Rig.json("{\"dimensions\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]}");
    DataRow row =
        rig.read(
            """
            {"time": 5, "a": true, "b": 12345678901234567890, "c": 1.50, "d": ["z", 1, null, "a"],
             "e": {"x": 1}, "f": [["nested"]]}\
            """);
    assertThat(dimensions(row))
        .containsExactly(
            "true", "12345678901234567890", "1.50", Arrays.asList(null, "1", "a", "z"), null, null);
  }

  @Test
  void severalValuesAreSortedUnlessToldOtherwise() {
    Rig rig =
        Rig.json(
            """
            {"dimensions": [{"name": "a", "multiValueHandling": "ARRAY"},
                            {"name": "b", "multiValueHandling": "SORTED_SET"}, "c"]}\
            """);
    DataRow row =
        rig.read(
            "{\"time\": 5, \"a\": [\"y\",\"x\",\"y\"], \"b\": [\"y\",\"x\",\"y\"], \"c\":"
                + " [\"y\"]}");
    assertThat(dimensions(row)).containsExactly(List.of("y", "x", "y"), List.of("x", "y"), "y");
  }

  @Test
  void dimensionsAreDiscoveredInTheOrderOfTheirFirstValue() {
    Rig rig = Rig.json("{\"dimensions\": [], \"dimensionExclusions\": [\"secret\"]}");
    assertThat(dimensions(rig.read("{\"time\": 5, \"b\": \"x\", \"a\": null, \"bytes\": 1}")))
        .containsExactly("x");
    assertThat(dimensions(rig.read("{\"time\": 5, \"secret\": 1, \"a\": false, \"n\": 3}")))
        .containsExactly(null, "false");
    assertThat(dimensions(rig.read("{\"c\": {\"x\": 1}, \"d\": [], \"e\": 1, \"time\": 5}")))
        .containsExactly(null, null, "1");
    assertThat(rig.names()).containsExactly("b", "a", "e");
  }

  @Test
  void twoDecodersOfOneCatalogAgreeOnTheOrder() {
    Rig rig = Rig.json("{}");
    RecordDecoder other = RecordDecoder.of(rig.spec, rig.catalog);
    rig.read("{\"time\": 5, \"a\": 1}");
    assertThat(dimensions(other.decode("{\"time\":5,\"b\":2,\"a\":3}".getBytes(UTF_8))))
        .containsExactly("3", "2");
    assertThat(dimensions(rig.read("{\"time\": 5, \"b\": 4}"))).containsExactly(null, "4");
  }

  @Test
  void aRejectedRecordDiscoversNothing() {
    Rig rig = Rig.json("{}");
    assertThatThrownBy(() -> rig.read("{\"a\": 1, \"time\": \"soon\"}"))
        .isInstanceOf(RejectedRecordException.class);
    assertThatThrownBy(() -> rig.read("{\"b\": 1, \"time\": 5, \"price\": \"cheap\"}"))
        .isInstanceOf(RejectedRecordException.class);
    assertThat(rig.names()).isEmpty();
  }

  @Test
  void aRowOfATimeThatIsNotTakenDiscoversNothing() {
    Rig rig = Rig.json("{}");
    RawRecord record = RawRecord.ofValue("{\"a\": 1, \"time\": 5}".getBytes(UTF_8));
    assertThat(rig.decoder.decode(record, timeMillis -> timeMillis != 5).timeMillis()).isEqualTo(5);
    assertThat(rig.names()).isEmpty();
    assertThat(dimensions(rig.decoder.decode(record, timeMillis -> timeMillis == 5)))
        .containsExactly("1");
  }

  @Test
  void aRecordOfTooManyFieldsIsRejectedAndLeavesTheCatalogAlone() {
    Rig rig = new Rig("{}", "{\"type\": \"json\"}", 3);
    rig.read("{\"time\": 5, \"a\": 1, \"b\": 2}");
    assertThatThrownBy(() -> rig.read("{\"time\": 5, \"c\": 1, \"d\": 2}"))
        .hasMessage(
            "the record has new fields, such as 'c'; with them the data source would have more than"
                + " 3 dimensions; exclude fields in the spec, or name the dimensions there");
    assertThat(rig.names()).containsExactly("a", "b");
    rig.read("{\"time\": 5, \"c\": 1}");
    assertThat(rig.names()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "nonsense ~ UNDECODABLE ~ it is not JSON, at byte",
        "{\"time\": 5 ~ UNDECODABLE ~ it is not JSON, at byte",
        "{\"time\": 5} {} ~ UNDECODABLE ~ something follows after the JSON object",
        "[1] ~ UNDECODABLE ~ a JSON object is expected, got an array",
        "{\"s\": \"x\"} ~ BAD_TIME ~ the record has no time: its field 'time' is missing or null",
        "{\"time\": null} ~ BAD_TIME ~ the record has no time: its field 'time' is missing or null",
        "{\"time\": \"\"} ~ BAD_TIME ~ the record has no time",
        "{\"time\": \"soon\"} ~ BAD_TIME ~ the time in field 'time' must be ISO-8601 text or"
            + " milliseconds, got text 'soon'",
        "{\"time\": [5]} ~ BAD_TIME ~ the time in field 'time' must be ISO-8601 text or"
            + " milliseconds, got an array",
        "{\"time\": -1} ~ BAD_TIME ~ the time in field 'time' must be in the years 1970 to 9999,"
            + " got -1 ms",
        "{\"time\": 5, \"bytes\": 1.5} ~ UNDECODABLE ~ field 'bytes' must be a whole number within"
            + " 64 bits for metric 'bytes', got 1.5",
        "{\"time\": 5, \"bytes\": 99999999999999999999} ~ UNDECODABLE ~ field 'bytes' must be a"
            + " whole number",
        "{\"time\": 5, \"price\": \"many\"} ~ UNDECODABLE ~ field 'price' must be a number for"
            + " metric 'price', got text 'many'",
        "{\"time\": 5, \"price\": true} ~ UNDECODABLE ~ field 'price' must be a number for metric"
            + " 'price'",
        "{\"time\": 5, \"price\": [1]} ~ UNDECODABLE ~ field 'price' must be a number for metric"
            + " 'price'",
        "{\"time\": 5, \"l\": \"many\"} ~ UNDECODABLE ~ field 'l' must be a whole number within 64"
            + " bits, got text 'many'"
      })
  void aRecordThatIsNoRowIsRejectedWithTheReason(String record, Outcome outcome, String reason) {
    Rig rig = Rig.json("{\"dimensions\": [\"s\", {\"type\": \"long\", \"name\": \"l\"}]}");
    assertThatThrownBy(() -> rig.read(record))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessageStartingWith(reason)
        .extracting(e -> ((RejectedRecordException) e).outcome())
        .isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "9007199254740993.0 ~ 9007199254740993",
        "\"9223372036854775807.0\" ~ 9223372036854775807",
        "-9223372036854775808 ~ -9223372036854775808",
        "\" 1e3 \" ~ 1000",
        "12.50e1 ~ 125"
      })
  void wholeNumbersAreExactHoweverTheyAreWritten(String written, long expected) {
    Rig rig = Rig.json("{\"dimensions\": [{\"type\": \"long\", \"name\": \"l\"}]}");
    DataRow row = rig.read("{\"time\": 5, \"l\": %s, \"bytes\": %s}".formatted(written, written));
    assertThat(row.dimension(0)).isEqualTo(expected);
    assertThat(row.longMetric(1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740992.5",
        "\"0.99999999999999999999\"",
        "9223372036854775808",
        "\"\u0661\u0662\"",
        "1e400",
        "true",
        "[1]"
      })
  void whatIsNoWholeNumberIsADeadLetterAndIsNotRounded(String written) {
    Rig rig = Rig.json("{\"dimensions\": [{\"type\": \"long\", \"name\": \"l\"}]}");
    for (String field : List.of("l", "bytes")) {
      assertThatThrownBy(() -> rig.read("{\"time\": 5, \"%s\": %s}".formatted(field, written)))
          .isInstanceOf(RejectedRecordException.class)
          .hasMessageContaining("must be a whole number within 64 bits");
    }
  }

  @Test
  void whatIsFoundInTheDataIsTextAsItWasWritten() {
    Rig rig = Rig.json("{\"dimensions\": []}");
    assertThat(
            dimensions(
                rig.read(
                    "{\"time\":5,\"a\":1e400,\"b\":0.12345678901234567890,\"c\":1.50,\"d\":\"\"}")))
        .containsExactly("1e400", "0.12345678901234567890", "1.50", "");
    assertThat(dimensions(rig.read("{\"time\":5,\"a\":\"x\",\"a\":null}")))
        .as("of two fields of one name the last counts")
        .startsWith((Object) null);
    assertThatThrownBy(() -> rig.read("{\"time\":5,\"a\":\"\\ud800\"}"))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessage(
            "the text has half of a surrogate pair (\\ud800) at character 0, which is no Unicode");
  }

  @Test
  void hostileNestingAndBytesThatAreNoUtf8AreRejected() {
    Rig rig = Rig.json("{}");
    assertThatThrownBy(() -> rig.read("{\"a\":".repeat(10_000)))
        .isInstanceOf(RejectedRecordException.class);
    byte[] latin = "{\"time\": 5, \"a\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> rig.decoder.decode(latin)).isInstanceOf(RejectedRecordException.class);
  }

  @Test
  void linesAreReadByColumn() {
    Rig rig =
        new Rig(
            "{\"dimensions\": [\"s\", {\"type\": \"long\", \"name\": \"l\"}, \"m\"]}",
            "{\"type\": \"csv\", \"columns\": [\"x\", \"s\", \"time\", \"l\", \"price\", \"m\","
                + " \"bytes\"], \"listDelimiter\": \"|\"}",
            100);
    DataRow row = rig.read("-,\"say \"\"ä\"\", so\",1996-03-13,7,-21168.23,b|a,12\r\n");
    assertThat(row.timeMillis()).isEqualTo(Times.parse("1996-03-13"));
    assertThat(dimensions(row)).containsExactly("say \"ä\", so", 7L, List.of("a", "b"));
    assertThat(row.longMetric(1)).isEqualTo(12);
    assertThat(row.doubleMetric(2)).isEqualTo(-21168.23);
    DataRow empty = rig.read(",\"\",5,,,,");
    assertThat(dimensions(empty)).containsExactly("", null, null);
    assertThat(empty.isMetricNull(1)).isTrue();
    DataRow bare = rig.read(",,5,,,,");
    assertThat(bare.dimension(0)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "5,a ~ 2 fields were found where there are 3 columns",
        "5,a,1,2 ~ 4 fields were found where there are 3 columns",
        "5,\"a,1 ~ field 2 has no closing quote",
        "5,\"a\"b,1 ~ field 2 goes on after its closing quote",
        "5,a,x ~ field 'bytes' must be a whole number within 64 bits for metric 'bytes', got text"
            + " 'x'",
        "x,a,1 ~ the time in field 'time' must be ISO-8601 text or milliseconds, got text 'x'",
        ",a,1 ~ the record has no time: its field 'time' is missing or null"
      })
  void aLineThatIsNoRowIsRejectedWithTheReason(String line, String reason) {
    Rig rig =
        new Rig(
            "{\"dimensions\": [\"s\"]}",
            "{\"type\": \"csv\", \"columns\": [\"time\", \"s\", \"bytes\"]}",
            100);
    assertThatThrownBy(() -> rig.read(line))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessage(reason);
  }

  @Test
  void columnsOfLinesAreDiscoveredToo() {
    Rig rig =
        new Rig("{}", "{\"type\": \"tsv\", \"columns\": [\"time\", \"a\", \"b\", \"bytes\"]}", 100);
    assertThat(dimensions(rig.read("5\t\tx\t1"))).containsExactly("x");
    assertThat(dimensions(rig.read("5\t\"y\t\t1"))).containsExactly(null, "\"y");
    assertThat(rig.names()).containsExactly("b", "a");
  }

  @Test
  void manyDistinctAndRepeatedTextsComeBackAsTheyWere() {
    Rig rig =
        new Rig(
            "{\"dimensions\": [\"a\", \"b\"]}",
            "{\"type\": \"csv\", \"columns\": [\"time\", \"a\", \"b\"]}",
            100);
    for (int i = 0; i < 60_000; i++) {
      DataRow row = rig.read("5,v" + i + ",w" + i % 300);
      assertThat(row.dimension(0)).isEqualTo("v" + i);
      assertThat(row.dimension(1)).isEqualTo("w" + i % 300);
    }
  }
}
