package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import io.starfire.event.DataSourceSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the records of a topic or file become rows of a data source. Immutable.
 *
 * @param schema of the data source, with the dimensions that the spec names
 * @param discovery which further fields become dimensions; empty if none does
 * @param time where the event time is, and how it is written
 * @param format of a record
 * @param metricFields for each metric of the schema, the field that it reads; null for a count
 * @param multiValues for each dimension of the schema, how several values in one row are kept
 */
public record RowSpec(
    DataSourceSchema schema,
    Optional<Discovery> discovery,
    TimestampSpec time,
    RecordFormat format,
    List<String> metricFields,
    List<MultiValues> multiValues) {

  /**
   * Each field becomes a dimension at its first value that is not null, unless it is excluded.
   *
   * @param exclusions fields that do not become dimensions: those that the spec excludes, the time,
   *     the fields that metrics read, and the names of metrics
   */
  public record Discovery(Set<String> exclusions) {
    public Discovery {
      exclusions = Set.copyOf(exclusions);
    }
  }

  /** How several values of a dimension in one row are kept, as {@code multiValueHandling} says. */
  public enum MultiValues {
    /** Sorted. */
    SORTED_ARRAY,
    /** Sorted, each value once. */
    SORTED_SET,
    /** In the order of the record. */
    ARRAY
  }

  public RowSpec {
    requireNonNull(schema, "schema");
    requireNonNull(discovery, "discovery");
    requireNonNull(time, "time");
    requireNonNull(format, "format");
    metricFields = Collections.unmodifiableList(new ArrayList<>(metricFields));
    multiValues = List.copyOf(multiValues);
  }
}
