package io.starfire.serving.query.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a query computes, each with a name of its own. They may read each other, but not
 * in a circle. Immutable.
 */
public final class VirtualColumns {
  /** No columns. */
  public static final VirtualColumns NONE = new VirtualColumns(List.of(), List.of());

  private static final int MAX_CHAIN = 50;

  private final Map<String, VirtualColumn> byName = new LinkedHashMap<>();
  private final List<String> names;

  /**
   * The columns of a query.
   *
   * @param named by the query
   * @param hidden those that stand inside of dimensions and aggregations; two may be the same
   */
  public VirtualColumns(List<VirtualColumn> named, Collection<VirtualColumn> hidden) {
    for (VirtualColumn column : named) {
      if (byName.put(column.name(), column) != null) {
        throw QueryChecks.invalid(
            "two virtual columns are named '%s'; each needs a name of its own", column.name());
      }
    }
    this.names = List.copyOf(byName.keySet());
    hidden.forEach(column -> byName.put(column.name(), column));
    for (VirtualColumn column : byName.values()) {
      checkChain(column, new ArrayList<>());
    }
  }

  private void checkChain(VirtualColumn column, List<String> before) {
    if (before.contains(column.name())) {
      throw QueryChecks.invalid(
          "the virtual column '%s' reads itself, by way of %s",
          column.name(), String.join(", ", before));
    }
    if (before.size() > MAX_CHAIN) {
      throw QueryChecks.invalid(
          "virtual columns read each other in a chain of more than %d; write fewer and longer ones",
          MAX_CHAIN);
    }
    before.add(column.name());
    for (String input : column.inputs()) {
      VirtualColumn next = byName.get(input);
      if (next != null) {
        checkChain(next, before);
      }
    }
    before.remove(before.size() - 1);
  }

  /** The names that the query gave, in its order. */
  public List<String> names() {
    return names;
  }

  /** The column of a name; null if there is none. */
  public @Nullable VirtualColumn named(String name) {
    return byName.get(name);
  }

  /** The columns with each computed one replaced by those that it reads. */
  public Set<String> stored(Collection<String> columns) {
    Set<String> stored = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    columns.forEach(column -> addStored(column, stored, seen));
    return stored;
  }

  private void addStored(String column, Set<String> stored, Set<String> seen) {
    VirtualColumn virtual = byName.get(column);
    if (virtual == null) {
      stored.add(column);
    } else if (seen.add(column)) {
      virtual.inputs().forEach(input -> addStored(input, stored, seen));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VirtualColumns columns
        && byName.equals(columns.byName)
        && names.equals(columns.names);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  @Override
  public String toString() {
    return byName.values().toString();
  }
}
