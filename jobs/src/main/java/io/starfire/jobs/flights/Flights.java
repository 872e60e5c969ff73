package io.starfire.jobs.flights;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Lookup;
import io.starfire.api.Pipeline;
import io.starfire.common.Granularity;

/**
 * Domestic flights in the United States with the cities, states and coordinates of both airports,
 * and classes of delay. Each flight is a row: two that are equal in all columns are two flights.
 */
public final class Flights implements Pipeline {
  /** The source of {@link Flight}s. */
  public static final String FLIGHTS = "flights";

  /** The lookup of {@link Airport}s by their IATA code. */
  public static final String AIRPORTS = "airports";

  /** The data source that it writes. */
  public static final String DATA_SOURCE = "flights";

  @Override
  public void define(Flow flow) {
    Lookup<String, Airport> airports = flow.lookup(AIRPORTS, String.class, Airport.class);

    flow.source(FLIGHTS, Flight.class)
        .eventTime(Flight::date)
        .withoutIdentity()
        .map(FlightRow.class, FlightRow::of)
        .enrich(FlightRow.class, airports, FlightRow::origin, FlightRow::withOrigin)
        .enrich(FlightRow.class, airports, FlightRow::destination, FlightRow::withDestination)
        .to(
            DataSource.named(DATA_SOURCE, FlightRow.class)
                .dimensions("origin", "originCity", "originState")
                .dimensions("originLatitude", "originLongitude")
                .dimensions("destination", "destinationCity", "destinationState")
                .dimensions("destinationLatitude", "destinationLongitude")
                .dimensions("delayClass")
                .count("flights")
                .longSum("distance", FlightRow::distance)
                .longSum("delay", FlightRow::delay)
                .longSum("unknownAirports", FlightRow::unknownAirports)
                .segmentGranularity(Granularity.DAY)
                .queryGranularity(Granularity.MINUTE)
                .rollup(false));
  }
}
