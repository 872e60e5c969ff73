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
 * @param schema of the data source; where dimensions are discovered, those that are named
 * @param discovery which further fields become dimensions; empty if none does
 * @param time where the event time is
 * @param format of a record
 * @param metricFields for each metric of the schema the field that it reads; null for a count
 * @param multiValues for each dimension of the schema how several values in one row are kept
 */
public record RowSpec(
    DataSourceSchema schema,
    Optional<Discovery> discovery,
    TimestampSpec time,
    RecordFormat format,
    List<String> metricFields,
    List<MultiValues> multiValues) {

  /**
   * All fields but some become dimensions, at their first value that is not null.
   *
   * @param exclusions fields that do not: those excluded by name, the time, what metrics read, and
   *     names of metrics
   */
  public record Discovery(Set<String> exclusions) {
    public Discovery {
      exclusions = Set.copyOf(exclusions);
    }
  }

  /** How several values of a dimension in one row are kept, as {@code multiValueHandling} says. */
  public enum MultiValues {
    /** In the order of the values. */
    SORTED_ARRAY,
    /** In the order of the values, each once. */
    SORTED_SET,
    /** As they come. */
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
