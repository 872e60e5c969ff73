package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.jobs.flights.AirportDays;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** {@code explain --schema}: what a reader of a topic needs. */
class ExplainSchemaTest {
  @Test
  void theSchemaOfATopicIsOneThatAvroReads() {
    Said said = Said.by("explain", AirportDays.class.getName(), "--schema", "airport_days");

    assertThat(said.exitCode()).as(said.err()).isZero();
    Schema schema = new Schema.Parser().parse(said.out());
    assertThat(schema.getFields())
        .extracting(Schema.Field::name)
        .containsExactly("__time", "origin", "flights", "late", "delay");
    assertThat(schema.getField("__time").schema().getLogicalType().getName())
        .isEqualTo("timestamp-millis");
  }

  @Test
  void aNameThatThePipelineDoesNotWriteIsAnsweredWithThoseThatItDoes() {
    Said said = Said.by("explain", AirportDays.class.getName(), "--schema", "airports");

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains("writes no topic or files 'airports'; it writes [airport_days]");
  }
}
