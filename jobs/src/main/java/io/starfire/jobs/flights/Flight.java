package io.starfire.jobs.flights;

import java.time.Instant;

/**
 * A flight that took place: an event of the source.
 *
 * @param date when it took off; the data names no zone, and is read as UTC
 * @param delay at arrival, in minutes; negative if it was early
 * @param distance in miles
 * @param origin IATA code of the airport
 * @param destination IATA code of the airport
 */
public record Flight(Instant date, int delay, int distance, String origin, String destination) {}
