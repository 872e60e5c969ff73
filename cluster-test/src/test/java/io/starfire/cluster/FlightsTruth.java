package io.starfire.cluster;

import io.starfire.batch.input.ParquetRows;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.event.EventDecoder;
import io.starfire.event.LookupTable;
import io.starfire.event.SourceSettings;
import io.starfire.jobs.flights.Airport;
import io.starfire.jobs.flights.Flight;
import io.starfire.jobs.flights.Flights;
import io.starfire.kernel.Lookups;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import io.starfire.testkit.ReferenceDriver;
import io.starfire.testkit.RowValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** What the flights pipeline means for a Parquet file, by the reference driver. Stateless. */
final class FlightsTruth {
  private FlightsTruth() {}

  /** Flights, miles and minutes of delay by origin, its city, destination and class of delay. */
  static Map<List<Object>, List<Long>> of(
      Path parquet, Path airports, Interval interval, int copies) throws IOException {
    EventDecoder<Flight> decoder =
        EventDecoder.of(
            SourceSettings.from(
                StarfireConfig.fromMap(
                    Map.of(
                        "starfire.sources.flights.topic", "flights",
                        "starfire.sources.flights.time.column", "date")),
                Flights.FLIGHTS),
            Flight.class);
    List<Record> flights = new ArrayList<>();
    try (ParquetRows rows =
        ParquetRows.open(parquet.toUri().toString(), column -> true, new Configuration(false))) {
      for (Map<String, Object> row = rows.next(); row != null; row = rows.next()) {
        flights.add(decoder.fromFields(row));
      }
    }
    LookupTable<String, Airport> table =
        LookupTable.loadCsv(
            Flights.AIRPORTS, Files.readAllBytes(airports), String.class, Airport.class, "iata");
    Lookups lookups = (name, key) -> (Optional<?>) table.get((String) key);
    Plan plan = Planner.plan(Flights.class.getName(), Flights.class.getClassLoader());
    Map<RowValue, Long> rows =
        ReferenceDriver.run(plan, Grants.asked(plan), lookups, Map.of(Flights.FLIGHTS, flights))
            .within(interval)
            .rows()
            .get(Flights.DATA_SOURCE);
    Map<List<Object>, List<Long>> sums = new TreeMap<>(new ByText());
    rows.forEach(
        (row, count) -> {
          List<Object> d = row.dimensions();
          List<Object> key = new ArrayList<>();
          for (int index : new int[] {0, 1, 5, 10}) {
            key.add(d.get(index));
          }
          long times = count * copies;
          sums.merge(
              key,
              List.of(times, times * row.metricBits().get(1), times * row.metricBits().get(2)),
              FlightsTruth::plus);
        });
    return sums;
  }

  static List<Long> plus(List<Long> left, List<Long> right) {
    List<Long> sum = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      sum.add(left.get(i) + right.get(i));
    }
    return sum;
  }

  /** Any order will do; keys may hold nulls. */
  static final class ByText implements java.util.Comparator<List<Object>> {
    @Override
    public int compare(List<Object> left, List<Object> right) {
      return left.toString().compareTo(right.toString());
    }
  }
}
