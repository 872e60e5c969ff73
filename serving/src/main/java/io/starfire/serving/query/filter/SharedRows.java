package io.starfire.serving.query.filter;

import io.starfire.serving.query.model.Filter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a row set that a query scans have in common: what filters say of the values of
 * its dictionaries, and which rows its indexes tell. The first part that asks finds it out, and the
 * others wait for it. Only of columns that are stored. Thread-safe.
 */
public final class SharedRows {
  private final @Nullable DictionaryNumbers numbers;
  private final Map<Filter, IdVerdicts> verdicts = new ConcurrentHashMap<>();
  private final Map<Filter, Selection> selections = new ConcurrentHashMap<>();

  /** What is made of the values of a column's dictionary once, for all queries. Thread-safe. */
  @FunctionalInterface
  public interface DictionaryNumbers {
    /**
     * A number for each id.
     *
     * @param kind what the numbers are; equal for the same
     * @param unknown makes them if no earlier query has; at most once
     * @return null if there are too many to be kept
     */
    int @Nullable [] get(String column, int cardinality, Object kind, Supplier<int[]> unknown);
  }

  /** Of rows of which nothing is kept after the query. */
  public SharedRows() {
    this(null);
  }

  /**
   * @param numbers of rows that never change; null if nothing is kept
   */
  public SharedRows(@Nullable DictionaryNumbers numbers) {
    this.numbers = numbers;
  }

  IdVerdicts verdicts(Filter filter, Supplier<IdVerdicts> unknown) {
    return verdicts.computeIfAbsent(filter, unused -> unknown.get());
  }

  Selection selection(Filter filter, Supplier<Selection> unknown) {
    return selections.computeIfAbsent(filter, unused -> unknown.get());
  }

  int @Nullable [] numbers(String column, int cardinality, Object kind, Supplier<int[]> unknown) {
    return numbers == null ? null : numbers.get(column, cardinality, kind, unknown);
  }
}
