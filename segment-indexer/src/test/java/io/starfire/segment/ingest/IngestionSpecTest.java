package io.starfire.segment.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IngestionSpecTest {
  @Test
  void theTutorialSpecIsRead() {
    IngestionSpec spec = IngestionSpec.parse(Specs.TUTORIAL);
    assertThat(spec.type()).isEqualTo(IngestionSpec.Type.KAFKA);
    assertThat(spec.dataSource()).isEqualTo("metrics-kafka");
    RowSpec rows = spec.rows();
    assertThat(rows.schema().dimensions()).isEmpty();
    assertThat(rows.discovery().orElseThrow().exclusions())
        .contains("timestamp", "value", "__time", "count", "value_sum", "value_max");
    assertThat(rows.schema().metrics())
        .containsExactly(
            new MetricSpec("count", Aggregation.COUNT),
            new MetricSpec("value_sum", Aggregation.DOUBLE_SUM),
            new MetricSpec("value_min", Aggregation.DOUBLE_MIN),
            new MetricSpec("value_max", Aggregation.DOUBLE_MAX));
    assertThat(rows.metricFields()).containsExactly(null, "value", "value", "value");
    assertThat(rows.schema().segmentGranularity()).isEqualTo(Granularity.HOUR);
    assertThat(rows.schema().queryGranularity()).isEqualTo(Granularity.NONE);
    assertThat(rows.schema().rollup()).isTrue();
    KafkaInput kafka = spec.kafka().orElseThrow();
    assertThat(kafka.topic()).isEqualTo("metrics");
    assertThat(kafka.consumerProperties()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
    assertThat(kafka.handOffPeriod()).contains(Duration.ofHours(1));
    assertThat(kafka.useEarliestOffset()).isTrue();
    assertThat(spec.tuning().maxRowsPerSegment()).isEqualTo(OptionalInt.of(5_000_000));
    assertThat(spec.suspended()).isFalse();
  }

  @Test
  void whatIsIgnoredIsSaid() {
    IngestionSpec spec = IngestionSpec.parse(Specs.TUTORIAL);
    assertThat(spec.warnings())
        .anySatisfy(w -> assertThat(w).startsWith("spec.ioConfig.useEarliestOffset is not set"))
        .anySatisfy(
            w ->
                assertThat(w)
                    .startsWith("ignored spec.ioConfig.taskCount, spec.ioConfig.replicas"));
  }

  @Test
  void theThreePartsMayStandBesideTheType() {
    String flat =
        Specs.TUTORIAL.replace("\"spec\": {", "").stripTrailing().replaceFirst("}\\s*}$", "}");
    assertThat(IngestionSpec.parse(flat).rows())
        .isEqualTo(IngestionSpec.parse(Specs.TUTORIAL).rows());
  }

  @Test
  void dimensionsHaveTypes() {
    IngestionSpec spec =
        IngestionSpec.parse(
            Specs.files(
                """
                {"dimensions": ["a", {"name": "b"}, {"type": "long", "name": "c"},
                  {"type": "double", "name": "d"}, {"type": "float", "name": "e"}]}\
                """,
                "[{\"type\": \"floatSum\", \"name\": \"s\", \"fieldName\": \"x\"}]",
                "{\"type\": \"json\"}"));
    assertThat(spec.rows().schema().dimensions())
        .containsExactly(
            new DimensionSpec("a", ColumnType.STRING),
            new DimensionSpec("b", ColumnType.STRING),
            new DimensionSpec("c", ColumnType.LONG),
            new DimensionSpec("d", ColumnType.DOUBLE),
            new DimensionSpec("e", ColumnType.DOUBLE));
    assertThat(spec.rows().discovery()).isEmpty();
    assertThat(spec.rows().schema().metrics())
        .containsExactly(new MetricSpec("s", Aggregation.DOUBLE_SUM));
    assertThat(spec.warnings())
        .contains(
            "spec.dataSchema.dimensionsSpec.dimensions[4]: float is stored as double",
            "spec.dataSchema.metricsSpec[0]: floatSum is computed and stored as double");
  }

  @Test
  void includeAllDimensionsDiscoversBesideTheNamedOnes() {
    IngestionSpec spec =
        IngestionSpec.parse(
            Specs.files(
                "{\"dimensions\": [\"a\"], \"includeAllDimensions\": true}",
                "[]",
                "{\"type\": \"json\"}"));
    assertThat(spec.rows().schema().dimensions()).hasSize(1);
    assertThat(spec.rows().discovery()).isPresent();
  }

  @Test
  void aDelimitedFormatHasColumnsAndDelimiters() {
    IngestionSpec spec =
        IngestionSpec.parse(
            Specs.files(
                "{\"dimensions\": [\"a\"]}",
                "[]",
                """
                {"type": "tsv", "columns": ["time", "a"], "delimiter": "|", "listDelimiter": ";",
                 "skipHeaderRows": 2}\
                """));
    assertThat(spec.rows().format())
        .isEqualTo(new RecordFormat.Delimited(List.of("time", "a"), '|', false, ';', false, 2));
  }

  /** What is replaced in the tutorial's spec, by what, the code, and the sentence. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "\"topic\": ~ \"topics\": ~ INVALID_INPUT ~ spec.ioConfig.topic is missing; it must be"
            + " text",
        "\"replicas\" ~ \"replica\" ~ INVALID_INPUT ~ spec.ioConfig.replica is not known;"
            + " spec.ioConfig may have [",
        "\"taskCount\": 1 ~ \"taskCount\": \"one\" ~ INVALID_INPUT ~ spec.ioConfig.taskCount must"
            + " be a whole number from 1 to 2147483647, got \"one\"",
        "\"PT1H\" ~ \"an hour\" ~ INVALID_INPUT ~ spec.ioConfig.taskDuration must be an ISO-8601"
            + " duration such as PT10M or P1D, above zero, got \"an hour\"",
        "\"HOUR\" ~ \"FORTNIGHT\" ~ INVALID_INPUT ~"
            + " spec.dataSchema.granularitySpec.segmentGranularity: granularity 'FORTNIGHT' is not"
            + " known",
        "\"HOUR\" ~ \"NONE\" ~ INVALID_INPUT ~ spec.dataSchema: data source 'metrics-kafka':"
            + " segmentGranularity must not be none",
        "\"HOUR\" ~ \"ALL\" ~ INVALID_INPUT ~ spec.dataSchema: data source 'metrics-kafka':"
            + " segmentGranularity must not be all: only intervals that are over can be replaced",
        "\"doubleMin\" ~ \"variance\" ~ UNSUPPORTED ~ spec.dataSchema.metricsSpec[2].type"
            + " 'variance' is not supported; use one of [HLLSketchBuild, HLLSketchMerge, count",
        "\"doubleMin\" ~ \"doubleMinn\" ~ INVALID_INPUT ~ spec.dataSchema.metricsSpec[2].type must"
            + " be one of [HLLSketchBuild, HLLSketchMerge, count",
        "\"name\": \"value_min\" ~ \"name\": \"value_sum\" ~ INVALID_INPUT ~ has two columns named"
            + " 'value_sum'",
        "\"fieldName\": \"value\", ~ `` ~ INVALID_INPUT ~ spec.dataSchema.metricsSpec[1].fieldName"
            + " is missing; it must be text",
        "\"metrics-kafka\" ~ \"a b\" ~ INVALID_INPUT ~ data source name 'a b' must be 1 to 128"
            + " letters",
        "\"dataSource\": \"metrics-kafka\", ~ `` ~ INVALID_INPUT ~ spec.dataSchema.dataSource is"
            + " missing; it must be text",
        "\"dimensions\": [] ~ \"dimensions\": [7] ~ INVALID_INPUT ~"
            + " spec.dataSchema.dimensionsSpec.dimensions[0] must be a JSON object, got 7",
        "\"dimensions\": [] ~ \"dimensions\": [\"value\"] ~ INVALID_INPUT ~ 'value' is among the"
            + " dimensions and excluded from them",
        "\"dimensions\": [] ~ \"dimensions\": [{\"name\": \"x\", \"type\": \"auto\"}] ~ UNSUPPORTED"
            + " ~ dimensions[0].type 'auto' is not supported; use string, long, double, float or"
            + " json",
        "\"dimensions\": [] ~ \"useSchemaDiscovery\": true ~ UNSUPPORTED ~"
            + " spec.dataSchema.dimensionsSpec.useSchemaDiscovery is not supported",
        "\"auto\" ~ \"yyyy-QQ\" ~ INVALID_INPUT ~ spec.dataSchema.timestampSpec.format must be"
            + " auto, iso, posix, millis, micro, nano or a pattern: time pattern 'yyyy-QQ': the"
            + " letter 'Q' is not supported",
        "{\"type\": \"json\"} ~ {\"type\": \"kafka\"} ~ UNSUPPORTED ~"
            + " spec.ioConfig.inputFormat.type 'kafka' is not supported; use one of [json, csv,"
            + " tsv]",
        "{\"type\": \"json\"} ~ {\"type\": \"jason\"} ~ INVALID_INPUT ~"
            + " spec.ioConfig.inputFormat.type must be one of [json, csv, tsv], got 'jason'",
        "{\"type\": \"json\"} ~ {\"type\": \"csv\", \"findColumnsFromHeader\": true} ~ UNSUPPORTED"
            + " ~ spec.ioConfig.inputFormat.findColumnsFromHeader: a Kafka record is one line and"
            + " has no header",
        "{\"type\": \"json\"} ~ {\"type\": \"csv\"} ~ INVALID_INPUT ~"
            + " spec.ioConfig.inputFormat.columns is missing",
        "{\"type\": \"json\"} ~ {\"type\": \"csv\", \"columns\": [\"a\", \"a\"]} ~ INVALID_INPUT ~"
            + " spec.ioConfig.inputFormat.columns must be different names, got 'a' twice",
        "{\"type\": \"json\"} ~ {\"type\": \"tsv\", \"columns\": [\"a\"], \"delimiter\": \"||\"} ~"
            + " INVALID_INPUT ~ inputFormat.delimiter must be one ASCII character",
        "\"dimensionsSpec\" ~ \"transformSpec\": {\"filter\": {\"type\": \"true\"}},"
            + " \"dimensionsSpec\" ~ UNSUPPORTED ~ spec.dataSchema.transformSpec.filter is not"
            + " supported: change the rows before they are sent",
        "\"type\": \"kafka\", ~ \"type\": \"kinesis\", ~ UNSUPPORTED ~ specs of type 'kinesis' are"
            + " not supported; use one of [kafka, index_parallel]",
        "\"type\": \"kafka\", ~ \"type\": \"kafak\", ~ INVALID_INPUT ~ type must be one of [kafka,"
            + " index_parallel], got 'kafak'",
        "\"type\": \"kafka\", ~ \"type\": \"kafka\", \"type\": \"kafka\", ~ INVALID_INPUT ~ the"
            + " spec is not JSON at line",
        "\"spec\": { ~ \"spec\": [ ~ INVALID_INPUT ~ the spec is not JSON at line"
      })
  void aMistakeIsNamedWithItsPlace(String found, String put, ErrorCode code, String sentence) {
    String json =
        Specs.TUTORIAL.replaceFirst(
            Pattern.quote(found), put == null ? "" : Matcher.quoteReplacement(put));
    assertThat(json).isNotEqualTo(Specs.TUTORIAL);
    assertThatThrownBy(() -> IngestionSpec.parse(json))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(sentence)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(code);
  }

  @Test
  void theFieldsThatAMessageAdvisesAreThoseThatAreTaken() {
    String json = Specs.TUTORIAL.replace("\"replicas\"", "\"replica\"");
    assertThatThrownBy(() -> IngestionSpec.parse(json))
        .hasMessageContaining("spec.ioConfig may have [", "topic", "useEarliestOffset")
        .message()
        .doesNotContain("topicPattern", "multiTopic", "idleConfig", "configOverrides");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"group.id\": \"g\"",
        "\"enable.auto.commit\": true",
        "\"auto.offset.reset\": \"latest\"",
        "\"value.deserializer\": \"com.example.Evil\"",
        "\"isolation.level\": \"read_uncommitted\"",
        "\"interceptor.classes\": \"com.example.Evil\"",
        "\"metric.reporters\": \"com.example.Evil\"",
        "\"sasl.login.callback.handler.class\": \"com.example.Evil\"",
        "\"sasl.oauthbearer.token.endpoint.url\": \"file:///etc/passwd\"",
        "\"ssl.truststore.location\": \"/etc/passwd\"",
        "\"sasl.mechanism\": \"OAUTHBEARER\"",
        "\"sasl.jaas.config\": \"com.sun.security.auth.module.JndiLoginModule required"
            + " user.provider.url=\\\"ldap://x\\\";\"",
        "\"sasl.jaas.config\": \"org.apache.kafka.common.security.plain.PlainLoginModule required;"
            + " com.sun.security.auth.module.JndiLoginModule required;\"",
        "\"bootstrap.servers\": \"\"",
        "\"fetch.min.bytes\": {}"
      })
  void dangerousConsumerPropertiesAreRefused(String property) {
    String json = Specs.TUTORIAL.replace("\"bootstrap.servers\": \"localhost:9092\"", property);
    String name = property.substring(1, property.indexOf('"', 1));
    assertThatThrownBy(() -> IngestionSpec.parse(json))
        .isInstanceOf(StarfireException.class)
        .hasMessageStartingWith("spec.ioConfig.consumerProperties." + name + " must ")
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  @Test
  void aPasswordIsNotShown() {
    String json =
        Specs.TUTORIAL.replace(
            "\"bootstrap.servers\": \"localhost:9092\"",
            "\"sasl.jaas.config\": \"EvilModule required password=\\\"geheim\\\";\"");
    assertThatThrownBy(() -> IngestionSpec.parse(json))
        .hasMessageContaining("EvilModule")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void harmlessConsumerPropertiesPass() {
    String json =
        Specs.TUTORIAL.replace(
            "\"bootstrap.servers\": \"localhost:9092\"",
            """
            "bootstrap.servers": "b:9092", "fetch.min.bytes": 1, "security.protocol": "SASL_SSL",
            "isolation.level": "read_committed", "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.jaas.config":
              "org.apache.kafka.common.security.scram.ScramLoginModule required username=\\"a\\" password=\\"x;y\\";",
            "fetch.max.bytes": 9
            """);
    assertThat(IngestionSpec.parse(json).kafka().orElseThrow().consumerProperties())
        .hasSize(7)
        .containsEntry("fetch.min.bytes", "1");
  }

  @Test
  void aBatchSpecNamesItsFiles() {
    String json =
        Specs.files("{\"dimensions\": [\"a\"]}", "[]", "{\"type\": \"json\"}")
            .replace(
                "\"inputFormat\"",
                "\"inputSource\": {\"type\": \"local\", \"baseDir\": \"/data\", \"filter\":"
                    + " \"*.json\"}, \"inputFormat\"");
    FileInput files = IngestionSpec.parse(json).files().orElseThrow();
    assertThat(files.baseDirectory()).contains("/data");
    assertThat(files.filter()).isEqualTo("*.json");
    assertThatThrownBy(() -> IngestionSpec.parse(json.replace("\"local\"", "\"http\"")))
        .hasMessage("spec.ioConfig.inputSource.type 'http' is not supported; use local");
    assertThatThrownBy(
            () ->
                IngestionSpec.parse(
                    json.replace("\"inputSource\"", "\"appendToExisting\": true, \"inputSource\"")))
        .hasMessage(
            "spec.ioConfig.appendToExisting is not supported: a run replaces all rows of its"
                + " intervals");
  }
}
