package io.starfire.batch.job;

import io.starfire.batch.base.Patience;
import io.starfire.batch.base.Progress;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Cluster;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.JobStatus;

/** Waits for the end of a job and says how far it is. One thread. */
final class JobWatch {
  /** A line for each change would be a line a second; a person wants fewer. */
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);

  /** How long a cluster that does not answer is asked again; each question has its own tries. */
  private static final Duration UNANSWERED = Duration.ofSeconds(60);

  private static final Duration KILL_TIME = Duration.ofSeconds(30);

  private final Job job;
  private final String label;
  private final Progress progress;
  private final Patience patience;
  private final long pollMillis;
  private String shown = "";
  private long shownNanos = System.nanoTime();
  private long unansweredSinceNanos = -1;

  JobWatch(Job job, String label, Progress progress, Patience patience) {
    this.job = job;
    this.label = label;
    this.progress = progress;
    this.patience = patience;
    this.pollMillis = Job.getProgressPollInterval(job.getConfiguration());
  }

  /**
   * Waits.
   *
   * @return whether it was successful
   * @throws StarfireException with CANCELED if the thread is interrupted, UNAVAILABLE if the
   *     cluster no longer tells how the job is
   */
  boolean await() {
    while (true) {
      JobStatus status = patience.during("word of " + job.getJobID(), this::ask);
      if (status != null) {
        show(status);
        if (status.isJobComplete()) {
          return status.getState() == JobStatus.State.SUCCEEDED;
        }
      }
      pause(job, pollMillis);
    }
  }

  /** How the job is; null if that cannot be had now. */
  private JobStatus ask() {
    try {
      JobStatus status = job.getStatus();
      unansweredSinceNanos = -1;
      return status;
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw interrupted(job, e);
    } catch (IOException e) {
      long now = System.nanoTime();
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(job, e);
      }
      if (unansweredSinceNanos < 0) {
        unansweredSinceNanos = now;
        progress.line(label + ": the cluster does not tell how the job is; asking again");
      } else if (now - unansweredSinceNanos > UNANSWERED.toNanos()) {
        throw JobFailure.of(job.getJobName(), "was lost sight of", e);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(job, e);
    }
  }

  private void show(JobStatus status) {
    String text =
        String.format(
            Locale.ROOT,
            "%s: map %.0f%% reduce %.0f%%",
            label,
            status.getMapProgress() * 100,
            status.getReduceProgress() * 100);
    long now = System.nanoTime();
    if (!text.equals(shown) && now - shownNanos >= BETWEEN_LINES.toNanos()) {
      progress.line(text);
      shown = text;
      shownNanos = now;
    }
  }

  /** Kills a job and waits until it has ended, so that nothing of it writes any more. */
  static void killAndAwait(Job job) {
    try {
      if (job.isComplete()) {
        return;
      }
      job.killJob();
      long deadline = System.nanoTime() + KILL_TIME.toNanos();
      while (!job.isComplete() && System.nanoTime() < deadline) {
        pause(job, 100);
      }
    } catch (IOException e) {
      throw JobFailure.of(job.getJobName(), "cannot be killed", e);
    }
  }

  /** The same for a job of which only the id is known; does nothing if there is no such job. */
  static void killIfKnown(JobID id, Configuration configuration) {
    try {
      Cluster cluster = new Cluster(configuration);
      try {
        Job job = cluster.getJob(id);
        if (job != null) {
          killAndAwait(job);
        }
      } finally {
        cluster.close();
      }
    } catch (IOException e) {
      throw JobFailure.of(id.toString(), "cannot be killed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(Job job, long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(job, e);
    }
  }

  private static StarfireException interrupted(Job job, Exception cause) {
    return new StarfireException(
        ErrorCode.CANCELED, "job '%s' was interrupted".formatted(job.getJobName()), cause);
  }
}
