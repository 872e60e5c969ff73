package io.starfire.batch.job;

import io.starfire.batch.base.Patience;
import io.starfire.batch.base.Progress;
import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.input.Storage;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Counter;
import org.apache.hadoop.mapreduce.CounterGroup;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.MRConfig;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;

/** Submits jobs and waits for them, several at a time if asked to. Thread-safe. */
final class JobRunner {
  private final Configuration configuration;
  private final InstantSource clock;
  private final Progress progress;
  private final Patience patience;
  private final int jobCount;
  private final AtomicInteger started = new AtomicInteger();

  /**
   * @param jobCount how many jobs there will be, for the progress
   */
  JobRunner(
      Configuration configuration,
      int jobCount,
      InstantSource clock,
      Progress progress,
      Patience patience) {
    this.configuration = configuration;
    this.jobCount = jobCount;
    this.clock = clock;
    this.progress = progress;
    this.patience = patience;
  }

  /** A job that is not needed after all, or is done already: it counts in the progress. */
  void skip() {
    int unused = started.incrementAndGet();
  }

  Configuration configuration() {
    return configuration;
  }

  static boolean isLocal(Job job) {
    return job.getConfiguration().get(MRConfig.FRAMEWORK_NAME, "local").equals("local");
  }

  Job newJob(String name) {
    try {
      Job job = Job.getInstance(configuration, name);
      // Options are parsed by Starfire; without this, Hadoop warns that it was not asked to.
      job.getConfiguration().setBoolean(Job.USED_GENERIC_PARSER, true);
      return job;
    } catch (IOException e) {
      throw JobFailure.of(name, "cannot be set up", e);
    }
  }

  /**
   * Runs a job to its end. However it ends, it does not run any more afterwards.
   *
   * @param title under which its figures are reported
   * @throws StarfireException with what a task said of its failure, or what is known of it else
   */
  JobTotals run(Job job, String title, String output) {
    String name = job.getJobName();
    FileOutputFormat.setOutputPath(job, new Path(output));
    JobJars.set(job);
    String label = "job %d of %d".formatted(started.incrementAndGet(), jobCount);
    progress.line("%s: %s".formatted(label, name));
    long startedMillis = clock.millis();
    patience.during("the cluster to take the job", () -> submit(job));
    boolean ended = false;
    boolean successful = false;
    try {
      if (!isLocal(job)) {
        progress.line(label + ": " + describe(job));
      }
      successful = new JobWatch(job, label, progress, patience).await();
      ended = true;
      if (!successful) {
        throw JobFailure.of(job);
      }
      Counters counted = patience.during("the counters of the job", () -> counters(job));
      double took = (clock.millis() - startedMillis) / 1000.0;
      progress.line(String.format(Locale.ROOT, "%s: done in %.1f s", label, took));
      return totals(title, took, counted);
    } finally {
      if (!ended) {
        Uninterrupted.run(() -> kill(job.getJobID(), () -> JobWatch.killAndAwait(job)));
      }
      if (!successful) {
        Uninterrupted.run(() -> deleteSubmitted(job));
      }
    }
  }

  private void submit(Job job) {
    try {
      job.submit();
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      killIfInterrupted(job);
      throw JobFailure.of(job.getJobName(), "cannot be submitted", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      killIfInterrupted(job);
      throw new StarfireException(
          ErrorCode.CANCELED, "job '%s' was interrupted".formatted(job.getJobName()), e);
    }
  }

  /** What a user needs to look at the job on the cluster. */
  private static String describe(Job job) {
    return "%s, %d mappers, %d reducers, %s"
        .formatted(
            job.getJobID(),
            job.getConfiguration().getInt(MRJobConfig.NUM_MAPS, 0),
            job.getNumReduceTasks(),
            job.getTrackingURL());
  }

  private static Counters counters(Job job) {
    try {
      Counters counters = job.getCounters();
      if (counters != null) {
        return counters;
      }
      throw JobFailure.of(
          job.getJobName(),
          "is done, but its counters are gone",
          new IOException("neither its application master nor a job history server has them"));
    } catch (IOException e) {
      throw JobFailure.of(
          job.getJobName(),
          "is done, but its counters cannot be read (does a job history server run at"
              + " mapreduce.jobhistory.address?)",
          e);
    }
  }

  /** The cluster may have taken a job although its submission was cut short here. */
  private void killIfInterrupted(Job job) {
    if (!Thread.currentThread().isInterrupted() || job.getJobID() == null || isLocal(job)) {
      return;
    }
    Uninterrupted.run(
        () ->
            kill(
                job.getJobID(),
                () -> JobWatch.killIfKnown(job.getJobID(), job.getConfiguration())));
  }

  /** An application master that never ran has left what was submitted to it. */
  private static void deleteSubmitted(Job job) {
    String directory = job.getConfiguration().get(MRJobConfig.MAPREDUCE_JOB_DIR);
    if (directory == null || isLocal(job)) {
      return;
    }
    try {
      Storage.of(directory, job.getConfiguration()).delete(directory);
    } catch (StarfireException e) {
      // It is Hadoop's, and is read by nobody; why the run ends is said already.
      return;
    }
  }

  private void kill(JobID job, Runnable killing) {
    progress.line("killing " + job);
    try {
      patience.during("the end of " + job, killing);
    } catch (RuntimeException e) {
      // Why the run ends is said already; what to do about the job has to be said too.
      progress.line(
          "%s could not be killed (%s); 'mapred job -kill %s' does it"
              .formatted(job, e.getMessage(), job));
    }
  }

  private static JobTotals totals(String title, double took, Counters counted) {
    Map<String, Map<String, Long>> outcomes = new TreeMap<>();
    Map<String, Map<String, Long>> anomalies = new TreeMap<>();
    for (CounterGroup group : counted) {
      add(group, TaskOutcomes.OUTCOMES, outcomes);
      add(group, TaskOutcomes.ANOMALIES, anomalies);
    }
    return new JobTotals(
        outcomes, anomalies, Map.of(title, took), Map.of(title, JobCounts.of(counted)));
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
}
