package io.starfire.batch.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.mapreduce.Counter;
import org.apache.hadoop.mapreduce.CounterGroup;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.JobCounter;
import org.apache.hadoop.mapreduce.TaskCounter;

/** Those of Hadoop's counters that tell a user how a job went. Stateless. */
final class JobCounts {
  private static final JobCounter[] OF_THE_JOB = {
    JobCounter.TOTAL_LAUNCHED_MAPS,
    JobCounter.TOTAL_LAUNCHED_REDUCES,
    JobCounter.NUM_FAILED_MAPS,
    JobCounter.NUM_FAILED_REDUCES,
    JobCounter.NUM_KILLED_MAPS,
    JobCounter.NUM_KILLED_REDUCES
  };
  private static final TaskCounter[] OF_ITS_TASKS = {
    TaskCounter.MAP_INPUT_RECORDS,
    TaskCounter.MAP_OUTPUT_RECORDS,
    TaskCounter.REDUCE_INPUT_RECORDS,
    TaskCounter.REDUCE_OUTPUT_RECORDS,
    TaskCounter.SPILLED_RECORDS,
    TaskCounter.CPU_MILLISECONDS,
    TaskCounter.GC_TIME_MILLIS
  };
  private static final String FILE_SYSTEMS = "org.apache.hadoop.mapreduce.FileSystemCounter";

  private JobCounts() {}

  /** By Hadoop's names, without those that are zero. */
  static Map<String, Long> of(Counters counters) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (JobCounter counter : OF_THE_JOB) {
      put(counts, counter.name(), counters.findCounter(counter));
    }
    for (TaskCounter counter : OF_ITS_TASKS) {
      put(counts, counter.name(), counters.findCounter(counter));
    }
    CounterGroup fileSystems = counters.getGroup(FILE_SYSTEMS);
    for (Counter counter : fileSystems) {
      if (counter.getName().endsWith("_BYTES_READ")
          || counter.getName().endsWith("_BYTES_WRITTEN")) {
        put(counts, counter.getName(), counter);
      }
    }
    return counts;
  }

  private static void put(Map<String, Long> counts, String name, Counter counter) {
    if (counter.getValue() != 0) {
      counts.put(name, counter.getValue());
    }
  }
}
