package io.starfire.jobs.flights;

import org.jspecify.annotations.Nullable;

/**
 * A row of the lookup of airports.
 *
 * @param iata the key
 * @param name for people
 * @param city nearest; {@value #NOT_AVAILABLE} if the data does not say
 * @param state of the US; {@value #NOT_AVAILABLE} if the data does not say or there is none
 * @param country name
 * @param latitude in degrees, north is positive
 * @param longitude in degrees, east is positive
 */
public record Airport(
    String iata,
    String name,
    @Nullable String city,
    @Nullable String state,
    String country,
    Double latitude,
    Double longitude) {
  /** What the data has in place of a city or a state that is not known. */
  static final String NOT_AVAILABLE = "NA";

  @Nullable String knownCity() {
    return NOT_AVAILABLE.equals(city) ? null : city;
  }

  @Nullable String knownState() {
    return NOT_AVAILABLE.equals(state) ? null : state;
  }
}
