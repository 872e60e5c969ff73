package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

/**
 * A variant of a view, for one query. Its segments are kept until the subscriber gives it back.
 *
 * @param id by which it is given back
 * @param number that the answer of the query names
 * @param name in messages, such as {@code view 17}
 * @param difference how the data source of the query differs from the view that the request names
 */
public record ViewVariant(long id, long number, String name, DataSourceDelta difference) {
  public ViewVariant {
    requireNonNull(name, "name");
    requireNonNull(difference, "difference");
  }
}
