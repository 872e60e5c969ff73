package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.query.expression.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a query takes its rows from. Immutable. */
public sealed interface DataSource {
  /** How messages name it. */
  String text();

  /** Adds the names of all tables that are read, those of queries inside included. */
  void collectTables(Set<String> tables);

  /** The names of all tables that are read, in order. */
  default Set<String> tables() {
    Set<String> tables = new TreeSet<>();
    collectTables(tables);
    return tables;
  }

  /** The rows of a data source that the coordinator knows, in segments and live. */
  record Table(String name) implements DataSource {
    public Table {
      if (name == null || name.isEmpty()) {
        throw QueryChecks.invalid("dataSource must be a name, got '%s'", name);
      }
    }

    @Override
    public String text() {
      return "data source '" + name + "'";
    }

    @Override
    public void collectTables(Set<String> tables) {
      tables.add(name);
    }
  }

  /** The rows of several tables. A column that one of them does not have is null in its rows. */
  record Union(List<Table> members) implements DataSource {
    public Union {
      members = List.copyOf(members);
      if (members.isEmpty()) {
        throw QueryChecks.invalid("a union must have at least one of dataSources, got none");
      }
    }

    @Override
    public String text() {
      return members.stream()
          .map(Table::name)
          .collect(Collectors.joining("', '", "the union of '", "'"));
    }

    @Override
    public void collectTables(Set<String> tables) {
      members.forEach(member -> member.collectTables(tables));
    }
  }

  /**
   * Rows that stand in the query.
   *
   * @param columns names and types, in order
   * @param rows each with a value for each column: null, a Long, a Double or a String, as the
   *     column's type says; of a STRING column also a List of Strings or nulls
   */
  record Inline(List<Column> columns, List<List<@Nullable Object>> rows) implements DataSource {
    /** One column of it. */
    public record Column(String name, ColumnType type) {}

    public Inline {
      columns = List.copyOf(columns);
      rows = Collections.unmodifiableList(rows);
      Set<String> names = new HashSet<>();
      for (Column column : columns) {
        if (!names.add(column.name)) {
          throw QueryChecks.invalid(
              "an inline data source has two columns named '%s'; each needs a name of its own",
              column.name);
        }
      }
      boolean isTimed = names.contains(DataSourceSchema.TIME_COLUMN);
      if (isTimed && !columns.contains(new Column(DataSourceSchema.TIME_COLUMN, ColumnType.LONG))) {
        throw QueryChecks.invalid(
            "the column __time of an inline data source must be LONG: milliseconds since 1970");
      }
    }

    @Override
    public String text() {
      return "the inline data source";
    }

    @Override
    public void collectTables(Set<String> tables) {}
  }

  /** What another query answers, its rows as they are before they are written. */
  record OfQuery(Query query) implements DataSource {
    public OfQuery {
      if (!(query instanceof AggregateQuery) && !(query instanceof ScanQuery)) {
        throw QueryChecks.invalid(
            "a query inside of another must be a timeseries, groupBy, topN or scan; the answers of"
                + " other types are not rows");
      }
      if (query.context().grandTotal()) {
        throw QueryChecks.invalid(
            "a query inside of another cannot have a grandTotal, which is a row without a time;"
                + " leave it out of the inner query's context");
      }
    }

    @Override
    public String text() {
      return "the inner query";
    }

    @Override
    public void collectTables(Set<String> tables) {
      query.dataSource().collectTables(tables);
    }
  }

  /** The pairs of a lookup that the coordinator knows: columns {@code k} and {@code v}. */
  record OfLookup(String lookup) implements DataSource {
    @Override
    public String text() {
      return "lookup '" + lookup + "'";
    }

    @Override
    public void collectTables(Set<String> tables) {}
  }

  /**
   * Each row of the left side with each row of the right side that fits it. The right side is held
   * in memory.
   *
   * @param prefix that the names of the right side's columns get
   * @param keys what must be equal, all of them; empty if each row fits each
   * @param keepsLeft whether a row of the left side that nothing fits is kept, with nulls
   */
  record Join(DataSource left, DataSource right, String prefix, List<Key> keys, boolean keepsLeft)
      implements DataSource {
    /**
     * One equality. Null equals nothing.
     *
     * @param left over the columns of the left side
     * @param right a column of the right side, without the prefix
     */
    public record Key(Expression left, String right) {}

    public Join {
      keys = List.copyOf(keys);
      if (prefix.isEmpty() || DataSourceSchema.TIME_COLUMN.startsWith(prefix)) {
        throw QueryChecks.invalid(
            "rightPrefix must be a text with which __time does not begin, such as \"j.\", got '%s'",
            prefix);
      }
      if (right instanceof Table || right instanceof Union || right instanceof Join) {
        throw QueryChecks.unsupported(
            "the right side of a join must be an inline, lookup or query data source, which is held"
                + " in memory; put %s into a query of type scan or groupBy",
            right.text());
      }
    }

    @Override
    public String text() {
      return "the join of %s and %s".formatted(left.text(), right.text());
    }

    @Override
    public void collectTables(Set<String> tables) {
      left.collectTables(tables);
      right.collectTables(tables);
    }

    /** The prefixes of this join and of those on its left side. */
    public List<String> prefixes() {
      List<String> prefixes = new ArrayList<>();
      for (DataSource side = this; side instanceof Join join; side = join.left) {
        prefixes.add(join.prefix);
      }
      return prefixes;
    }
  }
}
