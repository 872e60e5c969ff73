package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.input.Storage;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/**
 * The files that runs write for other programs, below {@code starfire.files.root}. Readers look at
 * {@code <name>/<start>_<end>/}: one directory holds all results of one interval, of one run.
 *
 * <p>A run gathers its files in {@code _runs/<run>/<name>/}. When all are there it renames the
 * whole to {@code _waiting/<id>/}. Once the publication of the run is active, each directory in it
 * takes the place of those that were there for the interval: they turn. A mark is written before
 * the first of these renames, so that a later run completes what a killed one has begun. What
 * begins with {@code _} is left out by Hadoop, Spark and others that read directories.
 *
 * <p>Stateless, apart from the file system.
 */
final class FileSets {
  private static final String RUNS = "_runs";
  private static final String WAITING = "_waiting";
  private static final String NOTE = "_set.json";
  private static final String TURNING = "_turning";
  private static final String BEFORE = "_before-";

  private final String root;
  private final Configuration configuration;
  private final Progress progress;
  private final Storage storage;

  FileSets(StarfireConfig config, Configuration configuration, Progress progress) {
    this.root = Storage.qualified(config.string("starfire.files.root"), configuration);
    this.configuration = configuration;
    this.progress = progress;
    this.storage = Storage.of(root, configuration);
  }

  /** Where runs gather their files. */
  String runs() {
    return root + "/" + RUNS;
  }

  /** Where one run does so. */
  String gathering(String run) {
    return runs() + "/" + run;
  }

  private String waiting(String id) {
    return root + "/" + WAITING + "/" + id;
  }

  /**
   * Refuses an interval whose files could not take the place of what is there.
   *
   * @throws StarfireException with CONFLICT if it is a part of an interval that there are files of:
   *     some of their results lie outside of it; or if they are those of another pipeline
   */
  void requireReplaceable(String name, Interval interval, String pipeline) {
    present(name, interval)
        .forEach(
            (directory, set) -> {
              if (!interval.contains(set.interval())) {
                throw new StarfireException(
                    ErrorCode.CONFLICT,
                    "files '%s' hold %s as a whole, which is not within %s, so the files of this run cannot take their place; run the pipeline over an interval that covers both, or delete %s"
                        .formatted(name, set.interval(), interval, directory));
              }
              if (!set.pipeline().equals(pipeline)) {
                throw new StarfireException(
                    ErrorCode.CONFLICT,
                    "files '%s' of %s are those of pipeline %s, and %s would take their place; give the files of one of the pipelines another name, or delete %s"
                        .formatted(name, set.interval(), set.pipeline(), pipeline, directory));
              }
            });
  }

  /**
   * Takes the files that tasks have written. Doing it again takes what is left.
   *
   * @param written directories of the tasks' files, by the job that wrote them
   */
  void gather(String name, FileSet set, Map<String, String> written) {
    String target = gathering(set.run()) + "/" + name;
    storage.write(target + "/" + NOTE, Json.write(set).getBytes(StandardCharsets.UTF_8));
    written.forEach(
        (job, directory) -> {
          String prefix = "part-%s-".formatted(job);
          for (FileStatus file : Storage.of(directory, configuration).files(directory)) {
            String number = file.getPath().getName().replaceFirst("^part-[mr]-", "");
            move(file.getPath(), "%s/%s%s".formatted(target, prefix, number));
          }
          requireFiles(target, prefix, directory);
        });
  }

  /** A run that was killed may have put them into their places already. */
  private void requireFiles(String target, String prefix, String directory) {
    if (storage.files(target).stream()
        .noneMatch(file -> file.getPath().getName().startsWith(prefix))) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "%s has none of the files that its job wrote; start the run without --resume"
              .formatted(directory));
    }
  }

  /** A rename does not go from one file system to another. */
  private void move(Path file, String target) {
    try {
      storage.delete(target);
      if (file.getFileSystem(configuration).getUri().equals(storage.fileSystem().getUri())) {
        storage.rename(file.toString(), target);
      } else if (!FileUtil.copy(
          file.getFileSystem(configuration),
          file,
          storage.fileSystem(),
          new Path(target),
          true,
          configuration)) {
        throw new IOException("the copy could not be made");
      }
    } catch (IOException e) {
      throw Storage.failed("moved", file.toString(), e);
    }
  }

  /**
   * All files of a run are gathered.
   *
   * @param id of the publication, or of the run if it has none
   */
  void complete(String run, String id) {
    storage.rename(gathering(run), waiting(id));
  }

  /** The opposite of {@link #complete}. */
  void takeBack(String run, String id) {
    storage.delete(gathering(run));
    storage.rename(waiting(id), gathering(run));
  }

  /** What a run has gathered, or completed and not published, becomes that of another run. */
  void claim(String run, String by) {
    Optional<String> found =
        storage.exists(gathering(run))
            ? Optional.of(gathering(run))
            : waitingIds().stream()
                .map(this::waiting)
                .filter(each -> sets(each).values().stream().anyMatch(set -> set.run().equals(run)))
                .findFirst();
    found.ifPresent(directory -> storage.rename(directory, gathering(by)));
  }

  /** The ids of all that are complete and not in their places. */
  List<String> waitingIds() {
    return storage.list(root + "/" + WAITING).stream()
        .map(status -> status.getPath().getName())
        .toList();
  }

  /** What waits under an id. */
  List<WrittenFiles> waitingFiles(String id) {
    return sets(waiting(id)).keySet().stream()
        .map(directory -> describe(directory, false))
        .toList();
  }

  /**
   * Puts what waits under an id into its place. That nothing waits is no error.
   *
   * @throws StarfireException with CONFLICT as {@link #requireReplaceable}; what waits stays then
   */
  List<WrittenFiles> turn(String id) {
    List<WrittenFiles> turned = new ArrayList<>();
    String waiting = waiting(id);
    Map<String, FileSet> sets = sets(waiting);
    if (sets.isEmpty()) {
      return turned;
    }
    sets.forEach(
        (directory, set) ->
            requireReplaceable(new Path(directory).getName(), set.interval(), set.pipeline()));
    storage.write(waiting + "/" + TURNING, new byte[] {'\n'});
    sets.forEach((directory, set) -> turn(directory, set).ifPresent(turned::add));
    storage.delete(waiting);
    return turned;
  }

  private Optional<WrittenFiles> turn(String directory, FileSet set) {
    String name = new Path(directory).getName();
    Map<String, FileSet> present = present(name, set.interval());
    for (FileSet other : present.values()) {
      if (other.version().compareTo(set.version()) > 0) {
        progress.line(
            "files %s of %s stay as they are, of version %s: those of version %s are older, and are deleted"
                .formatted(name, other.interval(), other.version(), set.version()));
        return Optional.empty();
      }
    }
    for (String old : present.keySet()) {
      storage.rename(
          old, "%s/%s%s-%s".formatted(parent(directory), BEFORE, name, new Path(old).getName()));
    }
    String target = place(name, set.interval());
    storage.rename(directory, target);
    return Optional.of(describe(target, true));
  }

  /** Completes what runs have begun that were killed in the midst of {@link #turn}. */
  void completeTurns() {
    for (String id : waitingIds()) {
      boolean waitsForNobody =
          sets(waiting(id)).values().stream().anyMatch(set -> set.publication().isEmpty());
      if (waitsForNobody || storage.exists(waiting(id) + "/" + TURNING)) {
        completeTurn(id);
      }
    }
  }

  private void completeTurn(String id) {
    try {
      List<WrittenFiles> turned = turn(id);
      storage.delete(waiting(id));
      turned.forEach(
          files -> progress.line("%s, for a run that was killed".formatted(files.line())));
    } catch (StarfireException e) {
      progress.line(
          "%s: files of a run that was killed wait there: %s"
              .formatted(waiting(id), e.getMessage()));
    }
  }

  /** Deletes what waits under an id. */
  void discard(String id) {
    storage.delete(waiting(id));
  }

  /** The directories of readers that hold results of an interval. */
  private Map<String, FileSet> present(String name, Interval interval) {
    Map<String, FileSet> found = sets(root + "/" + name);
    found.values().removeIf(set -> !set.interval().overlaps(interval));
    return found;
  }

  /** The sets directly in a directory. */
  private Map<String, FileSet> sets(String parent) {
    Map<String, FileSet> found = new TreeMap<>();
    for (FileStatus child : storage.list(parent)) {
      String directory = child.getPath().toString();
      if (!child.getPath().getName().startsWith("_") && storage.exists(directory + "/" + NOTE)) {
        String json = new String(storage.read(directory + "/" + NOTE), StandardCharsets.UTF_8);
        found.put(
            directory, Json.read(json, FileSet.class, "what the files in " + directory + " are"));
      }
    }
    return found;
  }

  private WrittenFiles describe(String directory, boolean inPlace) {
    List<FileStatus> files = storage.files(directory);
    String name = new Path(inPlace ? parent(directory) : directory).getName();
    return new WrittenFiles(
        name, directory, files.size(), files.stream().mapToLong(FileStatus::getLen).sum(), inPlace);
  }

  /** A colon is not allowed in names of Hadoop's file systems. */
  private String place(String name, Interval interval) {
    return "%s/%s/%s".formatted(root, name, interval.toString().replace(":", "").replace('/', '_'));
  }

  private static String parent(String directory) {
    return new Path(directory).getParent().toString();
  }
}
