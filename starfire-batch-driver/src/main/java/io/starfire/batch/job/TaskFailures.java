package io.starfire.batch.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.batch.input.HadoopFaults;
import io.starfire.batch.input.Storage;
import io.starfire.common.ErrorCode;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;

/**
 * Tells the driver why a task failed, as one sentence. Hadoop itself gives a stack trace at best.
 * Each failed attempt writes one file. Stateless.
 */
final class TaskFailures {
  private static final String DIRECTORY = "starfire.batch.job.failures";

  private TaskFailures() {}

  record Failure(@JsonProperty("code") ErrorCode code, @JsonProperty("message") String message) {}

  static void setDirectory(Configuration job, String directory) {
    job.set(DIRECTORY, directory);
  }

  /** Empty if none was set. */
  static String directory(Configuration job) {
    String directory = job.getRaw(DIRECTORY);
    return directory == null ? "" : directory;
  }

  /** What a task does. */
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Runs a task and notes why, if it fails. */
  static void noting(TaskAttemptContext context, Work work)
      throws IOException, InterruptedException {
    Configuration job = context.getConfiguration();
    try {
      work.run();
    } catch (StarfireException e) {
      note(job, context.getTaskAttemptID(), e);
      throw e;
    } catch (RuntimeException | IOException | LinkageError e) {
      String subject = "task %s failed".formatted(context.getTaskAttemptID());
      note(
          job,
          context.getTaskAttemptID(),
          HadoopFaults.find(subject, e)
              .orElseGet(
                  () ->
                      new StarfireException(
                          ErrorCode.INTERNAL, "%s with %s".formatted(subject, e), e)));
      throw e;
    }
  }

  /** Notes why an attempt failed. That the note cannot be written must not hide the failure. */
  private static void note(Configuration job, TaskAttemptID attempt, StarfireException failure) {
    String directory = job.getRaw(DIRECTORY);
    if (directory == null) {
      return;
    }
    String json = Json.write(new Failure(failure.code(), failure.getMessage()));
    try {
      Storage.of(directory, job)
          .write(directory + "/" + attempt + ".json", json.getBytes(StandardCharsets.UTF_8));
    } catch (StarfireException e) {
      failure.addSuppressed(e);
    }
  }

  /** One of the failures that were noted. */
  static Optional<StarfireException> first(Configuration job) {
    String directory = job.getRaw(DIRECTORY);
    Storage storage = Storage.of(directory, job);
    for (FileStatus file : storage.files(directory)) {
      byte[] json = storage.read(file.getPath().toString());
      Failure failure =
          Json.read(
              new String(json, StandardCharsets.UTF_8), Failure.class, "the failure of a task");
      return Optional.of(new StarfireException(failure.code(), failure.message()));
    }
    return Optional.empty();
  }
}
