package io.starfire.batch.job;

import io.starfire.batch.Progress;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Counter;
import org.apache.hadoop.mapreduce.CounterGroup;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;

/** Submits jobs, waits for them, and adds up what they counted. One thread. */
final class JobRunner {
  private final Configuration configuration;
  private final InstantSource clock;
  private final Progress progress;
  private final Map<String, Map<String, Long>> outcomes = new TreeMap<>();
  private final Map<String, Map<String, Long>> anomalies = new TreeMap<>();
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  JobRunner(Configuration configuration, InstantSource clock, Progress progress) {
    this.configuration = configuration;
    this.clock = clock;
    this.progress = progress;
  }

  Configuration configuration() {
    return configuration;
  }

  static boolean isLocal(Job job) {
    return job.getConfiguration().get("mapreduce.framework.name", "local").equals("local");
  }

  Job newJob(String name) {
    try {
      Job job = Job.getInstance(configuration, name);
      job.setJarByClass(JobRunner.class);
      return job;
    } catch (IOException e) {
      throw failed(name, "cannot be set up: " + e.getMessage(), e);
    }
  }

  /**
   * Runs a job to its end.
   *
   * @throws StarfireException with what a task said of its failure, or INTERNAL
   */
  void run(Job job, String output) {
    String name = job.getJobName();
    FileOutputFormat.setOutputPath(job, new Path(output));
    progress.line(name + ": started");
    long startedMillis = clock.millis();
    try {
      if (!job.waitForCompletion(false)) {
        String info = job.getStatus().getFailureInfo();
        throw TaskFailures.first(job.getConfiguration())
            .orElseGet(() -> failed(name, "failed: " + info, null));
      }
      double took = (clock.millis() - startedMillis) / 1000.0;
      seconds.put(name, took);
      add(job.getCounters());
      progress.line(String.format(Locale.ROOT, "%s: done in %.1f s", name, took));
    } catch (IOException | ClassNotFoundException e) {
      throw failed(name, "cannot run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill(job, e);
      throw new StarfireException(ErrorCode.CANCELED, name + " was interrupted", e);
    }
  }

  private static void kill(Job job, InterruptedException interrupted) {
    try {
      job.killJob();
    } catch (IOException e) {
      interrupted.addSuppressed(e);
    }
  }

  private void add(Counters counters) {
    for (CounterGroup group : counters) {
      add(group, TaskOutcomes.OUTCOMES, outcomes);
      add(group, TaskOutcomes.ANOMALIES, anomalies);
    }
  }

  private static void add(CounterGroup group, String prefix, Map<String, Map<String, Long>> to) {
    if (group.getName().startsWith(prefix)) {
      Map<String, Long> counts =
          to.computeIfAbsent(
              group.getName().substring(prefix.length()), operator -> new TreeMap<>());
      for (Counter counter : group) {
        counts.merge(counter.getName(), counter.getValue(), Long::sum);
      }
    }
  }

  JobTotals totals() {
    return new JobTotals(outcomes, anomalies, seconds);
  }

  private static StarfireException failed(String job, String why, Exception cause) {
    return new StarfireException(
        ErrorCode.INTERNAL, "job '%s' %s; its logs say more".formatted(job, why), cause);
  }
}
