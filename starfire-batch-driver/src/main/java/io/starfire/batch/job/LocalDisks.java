package io.starfire.batch.job;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Whether a local job failed because a disk is full. Hadoop's local job runner does not say why a
 * task failed, and on a full disk a task cannot note it. Stateless.
 */
final class LocalDisks {
  /** What a disk that is full for Hadoop has left: less than one buffer of a spill. */
  static final long FULL_BYTES = 64L << 20;

  private LocalDisks() {}

  /** The sentence, if the job ran here and one of its disks is full. */
  static Optional<StarfireException> full(String subject, Configuration job) {
    if (!job.get("mapreduce.framework.name", "local").equals("local")) {
      return Optional.empty();
    }
    return full(
        subject,
        List.of(job.get("hadoop.tmp.dir", ""), TaskFailures.directory(job)),
        File::getUsableSpace);
  }

  static Optional<StarfireException> full(
      String subject, List<String> directories, ToLongFunction<File> usableBytes) {
    for (String directory : directories) {
      Optional<File> disk = existing(directory);
      if (disk.isPresent() && usableBytes.applyAsLong(disk.get()) < FULL_BYTES) {
        return Optional.of(
            new StarfireException(
                ErrorCode.CAPACITY_EXCEEDED,
                "%s: the disk of %s is full (%d MB are left); free space there, or name another place with starfire.batch.work-dir and the JVM's java.io.tmpdir, then start again"
                    .formatted(subject, directory, usableBytes.applyAsLong(disk.get()) >> 20)));
      }
    }
    return Optional.empty();
  }

  /** The directory, or the one above it that is still there, if it is on a local disk. */
  private static Optional<File> existing(String directory) {
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    Path path = new Path(directory);
    String scheme = path.toUri().getScheme();
    if (scheme != null && !scheme.equals("file")) {
      return Optional.empty();
    }
    File file = new File(path.toUri().getPath());
    while (file != null && !file.exists()) {
      file = file.getParentFile();
    }
    return Optional.ofNullable(file);
  }
}
