package io.starfire.jobs.flights;

import io.starfire.api.DataSource;
import io.starfire.api.Files;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Topic;
import io.starfire.common.Granularity;
import java.time.Duration;

/**
 * What left each airport on each day, for three kinds of readers: those who query, those who want
 * each result as it comes, and those who read files. The group is computed once for all of them.
 */
public final class AirportDays implements Pipeline {
  /** The name of the data source, of the topic and of the files. */
  public static final String AIRPORT_DAYS = "airport_days";

  private static final int LATE_MINUTES = 15;

  /**
   * A sum over flights.
   *
   * @param late how many were late
   * @param delay of all, in minutes
   */
  public record Sum(long flights, long late, long delay) {
    static final Sum NONE = new Sum(0, 0, 0);

    Sum with(Flight flight) {
      return plus(new Sum(1, flight.delay() > LATE_MINUTES ? 1 : 0, flight.delay()));
    }

    Sum plus(Sum other) {
      return new Sum(flights + other.flights, late + other.late, delay + other.delay);
    }
  }

  /**
   * The flights of an airport and a day. Its event time is the start of the day.
   *
   * @param origin IATA code
   */
  public record AirportDay(String origin, long flights, long late, long delay) {}

  @Override
  public void define(Flow flow) {
    Stream<AirportDay> days =
        flow.source(Flights.FLIGHTS, Flight.class)
            .eventTime(Flight::date)
            .withoutIdentity()
            .groupBy("by-origin", String.class, Flight::origin)
            .tumbling(Duration.ofDays(1))
            .aggregate(Sum.class, Sum.NONE, Sum::with, Sum::plus)
            .emit(
                AirportDay.class,
                (origin, day, sum) ->
                    new AirportDay(origin, sum.flights(), sum.late(), sum.delay()));

    days.to(
        DataSource.named(AIRPORT_DAYS, AirportDay.class)
            .dimensions("origin")
            .longSum("flights", AirportDay::flights)
            .longSum("late", AirportDay::late)
            .longSum("delay", AirportDay::delay)
            .segmentGranularity(Granularity.DAY)
            .queryGranularity(Granularity.DAY));
    days.to(Topic.named(AIRPORT_DAYS, AirportDay.class).key(AirportDay::origin).json());
    days.to(Files.named(AIRPORT_DAYS, AirportDay.class).parquet());
  }
}
