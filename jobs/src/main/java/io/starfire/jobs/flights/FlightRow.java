package io.starfire.jobs.flights;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A flight with what the lookup knows of its airports: a row of {@code flights}. An airport that
 * the lookup does not know leaves its city, state and coordinates null, and is counted.
 *
 * @param origin IATA code
 * @param originCity null if not known, as are the state and the coordinates
 * @param destination IATA code
 * @param delayClass of {@code delay}
 * @param delay at arrival, in minutes; negative if it was early
 * @param distance in miles
 * @param unknownAirports how many of its two airports the lookup does not know
 */
public record FlightRow(
    String origin,
    @Nullable String originCity,
    @Nullable String originState,
    @Nullable Double originLatitude,
    @Nullable Double originLongitude,
    String destination,
    @Nullable String destinationCity,
    @Nullable String destinationState,
    @Nullable Double destinationLatitude,
    @Nullable Double destinationLongitude,
    DelayClass delayClass,
    int delay,
    int distance,
    int unknownAirports) {

  static FlightRow of(Flight flight) {
    return new FlightRow(
        flight.origin(),
        null,
        null,
        null,
        null,
        flight.destination(),
        null,
        null,
        null,
        null,
        DelayClass.of(flight.delay()),
        flight.delay(),
        flight.distance(),
        0);
  }

  FlightRow withOrigin(Optional<Airport> airport) {
    return new FlightRow(
        origin,
        airport.map(Airport::knownCity).orElse(null),
        airport.map(Airport::knownState).orElse(null),
        airport.map(Airport::latitude).orElse(null),
        airport.map(Airport::longitude).orElse(null),
        destination,
        destinationCity,
        destinationState,
        destinationLatitude,
        destinationLongitude,
        delayClass,
        delay,
        distance,
        unknownAirports + (airport.isPresent() ? 0 : 1));
  }

  FlightRow withDestination(Optional<Airport> airport) {
    return new FlightRow(
        origin,
        originCity,
        originState,
        originLatitude,
        originLongitude,
        destination,
        airport.map(Airport::knownCity).orElse(null),
        airport.map(Airport::knownState).orElse(null),
        airport.map(Airport::latitude).orElse(null),
        airport.map(Airport::longitude).orElse(null),
        delayClass,
        delay,
        distance,
        unknownAirports + (airport.isPresent() ? 0 : 1));
  }
}
