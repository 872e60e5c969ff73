package io.starfire.serving.role;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import io.starfire.serving.query.model.AggregateQuery;
import java.util.List;

/**
 * What a query asks of the rows that a node holds for it.
 *
 * @param query for which a partial result is wanted
 * @param clips of each piece, in their order, the parts of time in which it shows, in order, not
 *     overlapping
 * @param alone whether no other node has rows for the query: groups that cannot come into the
 *     answer may be left out then
 */
public record NodeScan(AggregateQuery query, List<List<Interval>> clips, boolean alone) {
  public NodeScan {
    requireNonNull(query, "query");
    clips = clips.stream().map(List::copyOf).toList();
  }
}
