package io.starfire.batch.job;

import io.starfire.batch.input.Storage;
import io.starfire.common.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * What a job that ran a stage has left. Immutable.
 *
 * @param edges directory of the events for a shuffle, by its index
 * @param rows directory of the rows of a sink, by its index
 * @param results directory of the files of a sink for other programs, by its index
 * @param rowCounts rows by sink and start of their bucket
 * @param deadLetters directory of the records that could not be read, if there are any
 */
record StageFiles(
    Map<Integer, String> edges,
    Map<Integer, String> rows,
    Map<Integer, String> results,
    Map<Integer, Map<Long, Long>> rowCounts,
    Optional<String> deadLetters) {

  /** Looks into the output of a job that is done. */
  static StageFiles in(String output, Configuration configuration) {
    Storage storage = Storage.of(output, configuration);
    Map<Integer, String> edges = new TreeMap<>();
    Map<Integer, String> rows = new TreeMap<>();
    Map<Integer, String> results = new TreeMap<>();
    Map<Integer, Map<Long, Long>> counts = new TreeMap<>();
    Optional<String> deadLetters = Optional.empty();
    for (FileStatus child : storage.list(output)) {
      String path = child.getPath().toString();
      String name = child.getPath().getName();
      if (name.startsWith(DeliveryOutputFormat.EDGE)) {
        edges.put(Integer.valueOf(name.substring(DeliveryOutputFormat.EDGE.length())), path);
      } else if (name.startsWith(DeliveryOutputFormat.ROWS)) {
        rows.put(Integer.valueOf(name.substring(DeliveryOutputFormat.ROWS.length())), path);
      } else if (name.startsWith(DeliveryOutputFormat.FILES)) {
        results.put(Integer.valueOf(name.substring(DeliveryOutputFormat.FILES.length())), path);
      } else if (name.equals(DeliveryOutputFormat.DEAD_LETTERS)) {
        deadLetters = Optional.of(path);
      } else if (name.equals(DeliveryOutputFormat.COUNTS)) {
        storage
            .files(path)
            .forEach(file -> addCounts(storage.read(file.getPath().toString()), counts));
      }
    }
    return new StageFiles(edges, rows, results, counts, deadLetters);
  }

  private static void addCounts(byte[] json, Map<Integer, Map<Long, Long>> to) {
    Json.read(
            new String(json, StandardCharsets.UTF_8),
            DeliveryOutputFormat.RowCounts.class,
            "the row counts of a task")
        .rows()
        .forEach(
            (sink, counts) ->
                counts.forEach(
                    (bucket, count) ->
                        to.computeIfAbsent(sink, key -> new TreeMap<>())
                            .merge(bucket, count, Long::sum)));
  }
}
