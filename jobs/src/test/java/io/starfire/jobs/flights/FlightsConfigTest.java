package io.starfire.jobs.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventDecoder;
import io.starfire.event.LookupSettings;
import io.starfire.event.LookupTable;
import io.starfire.event.RowSchemas;
import io.starfire.event.SourceSettings;
import io.starfire.plan.Explain;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The shipped configuration and table of airports fit the pipeline. */
class FlightsConfigTest {
  private static final Path CONF = Path.of("..", "conf");

  private final StarfireConfig config = StarfireConfig.load(CONF.resolve("flights.conf"), Map.of());

  @Test
  void theExampleInTheConfigurationIsReadAsAFlight() throws IOException {
    String example =
        Files.readAllLines(CONF.resolve("flights.conf")).stream()
            .filter(line -> line.contains("# A record: {"))
            .map(line -> line.substring(line.indexOf('{')))
            .findFirst()
            .orElseThrow();
    EventDecoder<Flight> decoder =
        EventDecoder.of(SourceSettings.from(config, Flights.FLIGHTS), Flight.class);
    assertThat(decoder.decode(example.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new Flight(Instant.parse("2001-01-01T00:01:00Z"), 33, 2176, "LAS", "PHL"));
  }

  @Test
  void theSchemaInTheConfigurationIsThatOfTheDelays() {
    Plan plan = Planner.plan(new Delays(), RowSchemas.of(config));
    assertThat(Explain.batch(plan, Interval.parse("2001-01-01/P1D")))
        .contains(
            "source of flights, without identity",
            "enhance-1: with route as string, with isLate as boolean, cast distance to double,"
                + " drop origin, drop destination",
            "writes data source routes: dimensions route, isLate, metrics flights (COUNT), delay"
                + " (LONG_SUM), distance (DOUBLE_SUM)");
  }

  @Test
  void theDaysOfAnAirportAreGroupedOnceForThreeSinks() {
    Plan plan = Planner.plan(new AirportDays());
    assertThat(plan.stages()).hasSize(2);
    assertThat(plan.stages().get(1).sinks()).hasSize(3);
    assertThat(Explain.batch(plan, Interval.parse("2001-01-01/P1D")))
        .contains(
            "writes data source airport_days: dimensions origin",
            "writes topic airport_days: JSON, with key; not by a batch run",
            "writes files airport_days: PARQUET");
  }

  @Test
  void aTimeWithoutAZoneIsReadAsUtc() {
    EventDecoder<Flight> decoder =
        EventDecoder.of(SourceSettings.from(config, Flights.FLIGHTS), Flight.class);
    String json =
        "{\"date\":\"2001-01-01T00:01:00\",\"delay\":0,\"distance\":1,\"origin\":\"LAS\",\"destination\":\"PHL\"}";
    assertThat(decoder.decode(json.getBytes(StandardCharsets.UTF_8)).date())
        .isEqualTo(Instant.parse("2001-01-01T00:01:00Z"));
  }

  @Test
  void theShippedAirportsAreAll3376() throws IOException {
    LookupTable<String, Airport> airports = airports();
    assertThat(airports.size()).isEqualTo(3376);
    assertThat(airports.get("ORD"))
        .hasValueSatisfying(
            airport -> {
              assertThat(airport.knownCity()).isEqualTo("Chicago");
              assertThat(airport.knownState()).isEqualTo("IL");
              assertThat(airport.latitude()).isEqualTo(41.979595);
            });
  }

  @Test
  void aCityThatTheTableHasNotIsNullAndTheAirportIsKnown() throws IOException {
    FlightRow row =
        FlightRow.of(new Flight(Instant.EPOCH, 0, 1, "MQT", "???"))
            .withOrigin(airports().get("MQT"))
            .withDestination(Optional.empty());
    assertThat(row.originCity()).isNull();
    assertThat(row.originState()).isNull();
    assertThat(row.originLatitude()).isEqualTo(46.353639);
    assertThat(row.destinationLatitude()).isNull();
    assertThat(row.unknownAirports()).isOne();
  }

  private LookupTable<String, Airport> airports() throws IOException {
    LookupSettings settings = LookupSettings.from(config, Flights.AIRPORTS);
    assertThat(settings.file()).isEqualTo("conf/airports.csv");
    return LookupTable.loadCsv(
        Flights.AIRPORTS,
        Files.readAllBytes(CONF.resolve("airports.csv")),
        String.class,
        Airport.class,
        settings.keyColumn());
  }
}
