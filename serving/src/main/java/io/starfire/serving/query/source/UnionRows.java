package io.starfire.serving.query.source;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.run.ParallelScan;
import io.starfire.serving.query.run.QueryRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of several tables. A column has the type that the first table has it with. */
final class UnionRows implements QueryRows {
  private final List<QueryRows> members = new ArrayList<>();

  /** Adds the rows of a table, which are closed with the others. */
  void add(QueryRows member) {
    members.add(member);
  }

  @Override
  public List<Visible> all() {
    return members.stream().flatMap(member -> member.all().stream()).toList();
  }

  @Override
  public Map<String, ColumnType> columns() {
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    members.forEach(member -> member.columns().forEach(columns::putIfAbsent));
    return columns;
  }

  @Override
  public Set<String> dimensions() {
    Set<String> dimensions = new LinkedHashSet<>();
    members.forEach(member -> dimensions.addAll(member.dimensions()));
    return dimensions;
  }

  @Override
  public Partial scan(AggregateQuery query, boolean alone, QueryRun run) {
    List<Partial> partials = new ArrayList<>();
    for (QueryRows member : members) {
      partials.add(member.scan(query, alone && members.size() == 1, run));
    }
    return partials.size() == 1 ? partials.get(0) : ParallelScan.merge(query, partials, alone, run);
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (QueryRows member : members) {
      try {
        member.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
