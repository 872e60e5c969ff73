package io.starfire.batch.job;

import io.starfire.batch.input.HadoopFaults;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.JobStatus;
import org.apache.hadoop.mapreduce.TaskCompletionEvent;

/**
 * Finds out why a job failed, as one sentence: from the note of a task, or else from Hadoop's
 * diagnostics. Stateless.
 */
final class JobFailure {
  private static final int EVENTS = 1000;
  private static final String LOCAL = "local";
  private static final long FULL_DISK_BYTES = 64L << 20;

  /** How the ids of jobs of the local job runner begin. */
  private static final String LOCAL_JOB = "job_local";

  private JobFailure() {}

  /** Something that was asked of Hadoop about a job failed. */
  static StarfireException of(String job, String what, Exception e) {
    String subject = "job '%s' %s".formatted(job, what);
    return HadoopFaults.find(subject, e)
        .orElseGet(
            () ->
                new StarfireException(
                    ErrorCode.INTERNAL,
                    subject + ": " + HadoopFaults.firstLine(e) + "; its logs say more",
                    e));
  }

  /** A job that has ended without success. */
  static StarfireException of(Job job) {
    String subject = "job '%s' (%s) failed".formatted(job.getJobName(), job.getJobID());
    Optional<StarfireException> noted = noted(job);
    if (noted.isPresent() && noted.get().code() != ErrorCode.INTERNAL) {
      return noted.get();
    }
    Optional<StarfireException> full = LocalDisks.full(subject, job.getConfiguration());
    if (full.isPresent()) {
      return full.get();
    }
    String diagnostics = diagnostics(job);
    return HadoopFaults.find(subject, diagnostics, null)
        .or(() -> noted)
        .orElseGet(() -> unknown(job, subject, diagnostics));
  }

  private static StarfireException unknown(Job job, String subject, String diagnostics) {
    if (isKilled(job)) {
      return new StarfireException(
          ErrorCode.CANCELED,
          "job '%s' (%s) was killed by somebody; start the run again"
              .formatted(job.getJobName(), job.getJobID()));
    }
    if (job.getConfiguration().get("mapreduce.framework.name", LOCAL).equals(LOCAL)) {
      return failedLocally(job.getConfiguration(), subject);
    }
    String first = diagnostics.strip().split("\n", 2)[0];
    if (job.getJobID().toString().startsWith(LOCAL_JOB)) {
      return new StarfireException(
          ErrorCode.INTERNAL,
          subject + ", and Hadoop does not say why; --verbose shows its own messages");
    }
    return new StarfireException(
        ErrorCode.INTERNAL,
        "%s: %s; 'yarn logs -applicationId %s' says more"
            .formatted(
                subject,
                first.isBlank() ? "Hadoop does not say why" : first,
                job.getJobID().toString().replaceFirst("^job_", "application_")));
  }

  /**
   * The local job runner has no diagnostics. A task notes itself why it fails, unless the disk is
   * full.
   */
  static StarfireException failedLocally(Configuration job, String subject) {
    File temporary = new File(job.get("hadoop.tmp.dir", System.getProperty("java.io.tmpdir")));
    File existing = temporary;
    while (existing != null && !existing.exists()) {
      existing = existing.getParentFile();
    }
    long free = existing == null ? Long.MAX_VALUE : existing.getUsableSpace();
    return free < FULL_DISK_BYTES
        ? new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "%s: disk full: %d bytes are left for %s; make room there, or name another directory with -D hadoop.tmp.dir=DIRECTORY, then start again"
                .formatted(subject, free, temporary))
        : new StarfireException(
            ErrorCode.INTERNAL,
            "%s, and the task could not note why; the log of this process names the exception (if a disk was full, it has room again now)"
                .formatted(subject));
  }

  private static boolean isKilled(Job job) {
    try {
      return job.getStatus().getState() == JobStatus.State.KILLED;
    } catch (IOException e) {
      // Who does not answer has not said that it was killed.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What a task noted in the run's directory, if the file system still answers. */
  private static Optional<StarfireException> noted(Job job) {
    try {
      return TaskFailures.first(job.getConfiguration());
    } catch (StarfireException e) {
      // The diagnostics say what is known without the file system.
      return Optional.empty();
    }
  }

  private static String diagnostics(Job job) {
    StringBuilder text = new StringBuilder();
    try {
      for (TaskCompletionEvent event : job.getTaskCompletionEvents(0, EVENTS)) {
        if (event.getStatus() == TaskCompletionEvent.Status.FAILED
            || event.getStatus() == TaskCompletionEvent.Status.TIPFAILED) {
          for (String diagnostic : job.getTaskDiagnostics(event.getTaskAttemptId())) {
            text.append(diagnostic).append('\n');
          }
        }
      }
    } catch (IOException e) {
      text.append(HadoopFaults.firstLine(e)).append('\n');
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      text.append(job.getStatus().getFailureInfo()).append('\n');
    } catch (IOException e) {
      text.append(HadoopFaults.firstLine(e)).append('\n');
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return text.toString();
  }
}
