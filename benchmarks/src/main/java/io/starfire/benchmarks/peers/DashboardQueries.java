package io.starfire.benchmarks.peers;

import java.time.LocalDate;
import java.util.List;
import java.util.Random;

/**
 * What the charts of a dashboard ask about TPC-H's lineitem: some months, often with a filter, few
 * groups. Drawn from a seed. Not thread-safe.
 */
final class DashboardQueries {
  private static final List<String> MODES =
      List.of("AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK");
  private static final List<String> DIMENSIONS =
      List.of("l_shipmode", "l_shipinstruct", "l_returnflag", "l_linestatus");
  private static final LocalDate START = LocalDate.of(1992, 2, 1);
  private static final int MONTHS = 70;

  private final String dataSource;
  private final boolean caches;
  private final Random random;

  DashboardQueries(String dataSource, boolean caches, long seed) {
    this.dataSource = dataSource;
    this.caches = caches;
    this.random = new Random(seed);
  }

  /** The next one, as JSON. */
  String next() {
    String query =
        switch (random.nextInt(4)) {
          case 0 -> query("timeseries", "day", 3, "");
          case 1 -> query("timeseries", "month", 24, "");
          case 2 ->
              query(
                  "topN",
                  "all",
                  12,
                  ",'threshold':10,'metric':'price','dimension':'%s'".formatted(dimension()));
          default ->
              query(
                  "groupBy",
                  "all",
                  12,
                  ",'dimensions':['l_shipmode','%s']".formatted("l_returnflag"));
        };
    return query.replace('\'', '"');
  }

  private String query(String type, String granularity, int mostMonths, String more) {
    LocalDate from = START.plusMonths(random.nextInt(MONTHS));
    LocalDate to = from.plusMonths(1 + random.nextInt(mostMonths));
    return """
    {'queryType':'%s','dataSource':'%s','granularity':'%s','intervals':['%s/%s'],
     'aggregations':[{'type':'count','name':'rows'},
       {'type':'longSum','name':'quantity','fieldName':'L_QUANTITY'},
       {'type':'doubleSum','name':'price','fieldName':'L_EXTENDEDPRICE'}],
     'context':{'useCache':%s,'populateCache':%s,'useResultLevelCache':%s,
       'populateResultLevelCache':%s,'timeout':60000}%s%s}
    """
        .formatted(
            type,
            dataSource,
            granularity,
            from,
            to,
            caches,
            caches,
            caches,
            caches,
            filter(),
            more);
  }

  private String filter() {
    return switch (random.nextInt(3)) {
      case 0 ->
          ",'filter':{'type':'selector','dimension':'l_shipmode','value':'%s'}".formatted(mode());
      case 1 ->
          ",'filter':{'type':'in','dimension':'l_shipmode','values':['%s','%s']}"
              .formatted(mode(), mode());
      default -> "";
    };
  }

  private String mode() {
    return MODES.get(random.nextInt(MODES.size()));
  }

  private String dimension() {
    return DIMENSIONS.get(random.nextInt(DIMENSIONS.size()));
  }
}
