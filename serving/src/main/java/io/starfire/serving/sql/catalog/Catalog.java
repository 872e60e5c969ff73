package io.starfire.serving.sql.catalog;

import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.serving.query.control.Lookups;
import io.starfire.serving.sql.SqlCatalog;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SystemTable;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.type.SqlTypeName;

/** The tables of one view, and the functions. Immutable. */
public final class Catalog implements SqlCatalog {
  /** The schema of data sources, whose name may be left out. */
  public static final String DRUID = "druid";

  private static final String LOOKUP = "lookup";
  private static final List<String> ALWAYS =
      List.of(DRUID, "INFORMATION_SCHEMA", LOOKUP, "sys", "view");

  private final List<String> schemas;
  private final List<Table> tables;
  private final List<Function> functions;
  private final CalciteSchema root;

  private Catalog(
      List<String> schemas, List<Table> tables, List<Function> functions, CalciteSchema root) {
    this.schemas = List.copyOf(schemas);
    this.tables = List.copyOf(tables);
    this.functions = functions;
    this.root = root;
  }

  /**
   * What there is.
   *
   * @param system tables besides data sources and lookups
   */
  public static Catalog of(
      View view, Lookups lookups, List<SystemTable> system, List<Function> functions) {
    RelDataTypeFactory factory = SqlTypes.factory();
    List<Table> tables = new ArrayList<>();
    CalciteSchema root = CalciteSchema.createRootSchema(false, false);
    List<String> names = new ArrayList<>(ALWAYS);
    system.stream().map(SystemTable::schema).filter(s -> !names.contains(s)).forEach(names::add);
    Map<String, SchemaPlus> schemas = new TreeMap<>();
    for (String name : names) {
      schemas.put(name, root.plus().add(name, new AbstractSchema()));
    }
    for (String name : view.dataSources()) {
      NativeTable table = dataSource(view.registration(name).schema(), factory);
      schemas.get(DRUID).add(name, table);
      tables.add(new Table(DRUID, name, Kind.DATA_SOURCE, columns(table.getRowType(factory))));
    }
    for (String name : new TreeSet<>(lookups.maps().keySet())) {
      NativeTable table = lookup(name, factory);
      schemas.get(LOOKUP).add(name, table);
      tables.add(new Table(LOOKUP, name, Kind.LOOKUP, columns(table.getRowType(factory))));
    }
    for (SystemTable one : system) {
      RowsTable table = new RowsTable(one);
      schemas.get(one.schema()).add(one.name(), table);
      tables.add(
          new Table(one.schema(), one.name(), Kind.SYSTEM, columns(table.getRowType(factory))));
    }
    tables.sort(Comparator.comparing(Table::schema).thenComparing(Table::name));
    return new Catalog(names, tables, functions, root);
  }

  private static NativeTable dataSource(DataSourceSchema schema, RelDataTypeFactory factory) {
    List<NativeTable.Column> columns = new ArrayList<>();
    columns.add(
        new NativeTable.Column(
            DataSourceSchema.TIME_COLUMN, factory.createSqlType(SqlTypeName.TIMESTAMP)));
    for (DimensionSpec dimension : schema.dimensions()) {
      columns.add(
          new NativeTable.Column(
              dimension.name(), SqlTypes.ofColumn(factory, dimension.type(), "COMPLEX<json>")));
    }
    for (MetricSpec metric : schema.metrics()) {
      ColumnType type = metric.aggregation().type();
      columns.add(
          new NativeTable.Column(
              metric.name(), SqlTypes.ofColumn(factory, type, complexType(metric))));
    }
    return new NativeTable(schema.name(), false, columns);
  }

  private static String complexType(MetricSpec metric) {
    String kind = metric.aggregation().typeName();
    String name = kind.startsWith("HLLSketch") ? "HLLSketch" : kind;
    return "COMPLEX<" + name + ">";
  }

  private static NativeTable lookup(String name, RelDataTypeFactory factory) {
    return new NativeTable(
        name,
        true,
        List.of(
            new NativeTable.Column("k", factory.createSqlType(SqlTypeName.VARCHAR)),
            new NativeTable.Column("v", SqlTypes.nullable(factory, SqlTypeName.VARCHAR))));
  }

  private static List<SqlColumn> columns(RelDataType row) {
    List<SqlColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      columns.add(SqlTypes.column(field.getName(), field.getType()));
    }
    return List.copyOf(columns);
  }

  /** As Calcite sees it. */
  public CalciteSchema root() {
    return root;
  }

  @Override
  public List<String> schemas() {
    return schemas;
  }

  @Override
  public List<Table> tables() {
    return tables;
  }

  @Override
  public List<Function> functions() {
    return functions;
  }
}
