package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import java.util.List;
import java.util.Optional;

/**
 * The files that a batch spec reads, and what it replaces. Immutable.
 *
 * @param baseDirectory directory whose files that match {@code filter} are read; empty if files are
 *     named, or the spec has no inputSource
 * @param filter a shell pattern for file names, such as {@code *.csv}
 * @param files paths of single files
 * @param intervals rows outside of these are not stored; empty means no limit
 * @param dropExisting whether all of {@code intervals} is replaced, including buckets without rows
 */
public record FileInput(
    Optional<String> baseDirectory,
    String filter,
    List<String> files,
    List<Interval> intervals,
    boolean dropExisting) {
  public FileInput {
    requireNonNull(baseDirectory, "baseDirectory");
    requireNonNull(filter, "filter");
    files = List.copyOf(files);
    intervals = List.copyOf(intervals);
  }
}
