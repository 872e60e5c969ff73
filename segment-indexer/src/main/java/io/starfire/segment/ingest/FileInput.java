package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Interval;
import java.util.List;
import java.util.Optional;

/**
 * Which files a batch spec reads, and what it replaces. Immutable.
 *
 * @param baseDirectory whose files that match {@code filter} are read; empty if files are named, or
 *     the spec has no inputSource
 * @param filter a shell pattern of file names, such as {@code *.csv}
 * @param files by name
 * @param intervals to which rows have to belong; none at all for no bound
 * @param dropExisting whether all of {@code intervals} is replaced, buckets without rows included
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
