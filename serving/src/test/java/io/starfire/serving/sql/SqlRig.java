package io.starfire.serving.sql;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.RegisteredLookup;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.historical.Historical;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.StoreKind;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.LocalRows;
import io.starfire.serving.sql.engine.NativeSqlEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** SQL over tables of live rows, with a real coordinator and a real broker. */
final class SqlRig implements AutoCloseable {
  private static final Interval YEARS = Interval.parse("2020-01-01/2021-01-01");

  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Broker broker;
  final SqlEngine engine;
  private final Map<String, IncrementalIndex> tables = new LinkedHashMap<>();
  private final Historical historical;
  private final MetadataStore store;
  private final Coordinator coordinator;

  SqlRig(Path directory, List<SystemTable> system) throws IOException {
    LocalDeepStorage deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    historical = new Historical(directory.resolve("cache"), deepStorage, 1 << 30);
    store = MetadataStore.open(StoreKind.H2.location(directory));
    coordinator =
        Coordinator.start(
            store,
            historical,
            deepStorage,
            scan -> live(scan.dataSource()),
            new Coordinator.Settings(
                0.05, Duration.ofMillis(20), new KeptViews(5, Duration.ofDays(1))),
            Clock.systemUTC());
    broker =
        new Broker(
            coordinator.viewSource(),
            List.of(historical),
            scan -> live(scan.dataSource()),
            coordinator.lookups(),
            new BrokerSettings(
                2,
                8,
                8,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                64L << 20,
                Map.of(),
                Optional.empty(),
                new BrokerSettings.Caches(4 << 20, 4 << 20, 4 << 20)),
            metrics,
            Clock.systemUTC());
    engine = new NativeSqlEngine(broker, system, metrics, Clock.systemUTC());
  }

  private LocalRows<LivePiece> live(String table) {
    return LocalRows.ofLive(
        List.of(
            new LivePiece(YEARS, Times.format(YEARS.startMillis()), tables.get(table).snapshot())));
  }

  /**
   * Adds a table of rows of the year 2020.
   *
   * @param columns names and types, such as {@code city STRING}
   * @param rows each with its time, and a value for each column: null, a String, a List of Strings,
   *     a Long or a Double
   */
  void table(String name, List<String> columns, List<Object[]> rows) {
    List<DimensionSpec> dimensions = new ArrayList<>();
    for (String column : columns) {
      String[] parts = column.split(" ", 2);
      dimensions.add(new DimensionSpec(parts[0], ColumnType.valueOf(parts[1])));
    }
    DataSourceSchema schema =
        new DataSourceSchema(
            name, dimensions, List.of(), Granularity.YEAR, Granularity.NONE, false);
    IncrementalIndex index = new IncrementalIndex(schema);
    for (Object[] row : rows) {
      Object[] values = new Object[columns.size()];
      System.arraycopy(row, 1, values, 0, values.length);
      boolean unused =
          index.add(new DataRow(Times.parse((String) row[0]), values, new long[0], new boolean[0]));
    }
    tables.put(name, index);
    coordinator.register(new DataSourceRegistration(schema, name));
  }

  void lookup(String name, Map<String, String> map) {
    coordinator.lookups().put(List.of(new RegisteredLookup(name, "v1", map, false)));
  }

  /** The rows of the answer, each as its values with bars between them. */
  List<String> query(String sql) {
    return query(sql, Map.of(), List.of());
  }

  List<String> query(String sql, Map<String, Object> context, List<SqlParameter> parameters) {
    SqlStatement statement = engine.prepare(new SqlRequest(sql, parameters, context, "statement"));
    List<String> rows = new ArrayList<>();
    try (SqlAnswer answer = statement.run(parameters)) {
      while (answer.next()) {
        Object[] row = answer.row();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
          values.add(text(row[i], answer.columns().get(i).sqlType()));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  private static String text(Object value, String type) {
    if (value instanceof Long millis && (type.equals("TIMESTAMP") || type.equals("DATE"))) {
      String time = Times.format(millis, ZoneOffset.UTC);
      return time.endsWith("T00:00:00.000Z") ? time.substring(0, 10) : time;
    }
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"))
        : String.valueOf(value);
  }

  String plan(String sql) {
    return engine.prepare(new SqlRequest(sql, List.of(), Map.of(), "plan")).explain();
  }

  @Override
  public void close() {
    broker.close();
    coordinator.close();
    historical.close();
    store.close();
  }
}
