package io.starfire.jobs.flights;

import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.common.Granularity;
import io.starfire.event.FieldType;
import io.starfire.event.Row;
import io.starfire.event.RowSchema;
import java.time.Instant;

/**
 * Delays by route, without a class for the events: what a flight has is said by the configuration,
 * in {@code starfire.schemas.flights}.
 */
public final class Delays implements Pipeline {
  private static final int LATE_MINUTES = 15;

  @Override
  public void define(Flow flow) {
    RowSchema flights = flow.schema(Flights.FLIGHTS);
    Stream<Row> routes =
        flow.source(Flights.FLIGHTS, flights)
            .eventTime(flights.field("date", Instant.class))
            .withoutIdentity()
            .enhance(
                Enhance.steps()
                    .with("route", FieldType.STRING, Delays::route)
                    .with("isLate", FieldType.BOOLEAN, Delays::isLate)
                    .cast("distance", FieldType.DOUBLE)
                    .drop("origin", "destination"));

    routes.to(
        DataSource.named("routes", routes.type())
            .dimensions("route", "isLate")
            .count("flights")
            .longSum("delay", "delay")
            .doubleSum("distance", "distance")
            .segmentGranularity(Granularity.DAY)
            .queryGranularity(Granularity.HOUR));
  }

  private static String route(Row flight) {
    return flight.string("origin") + "-" + flight.string("destination");
  }

  private static boolean isLate(Row flight) {
    return flight.intValue("delay") > LATE_MINUTES;
  }
}
