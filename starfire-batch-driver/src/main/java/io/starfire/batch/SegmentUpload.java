package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.input.Storage;
import io.starfire.batch.storage.HadoopDeepStorage;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationRequest;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.segment.storage.LocalDeepStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Gives the segments of a run their final places in deep storage. Only the process of the run does
 * this, after all segments are built, so that no attempt of a task is ever seen. Before the first
 * is there, the publication is noted among the {@link UnpublishedRequests}; if not all can be
 * stored, all is taken away again. One thread.
 */
public final class SegmentUpload {
  private static final String LOCAL = "file";

  private final String root;
  private final Configuration configuration;
  private final Progress progress;
  private final DeepStorage storage;
  private final UnpublishedRequests unpublished;

  /**
   * @param root of deep storage, with its scheme
   */
  public SegmentUpload(String root, Configuration configuration, Progress progress) {
    this.root = root;
    this.configuration = configuration;
    this.progress = progress;
    FileSystem fileSystem = Storage.of(root, configuration).fileSystem();
    this.storage =
        fileSystem.getUri().getScheme().equals(LOCAL)
            ? new LocalDeepStorage(localPath(root))
            : HadoopDeepStorage.open(root, configuration);
    this.unpublished = new UnpublishedRequests(storage, new LiveMarks(root, configuration));
  }

  String root() {
    return root;
  }

  /** The same as the server names it, for messages. */
  public String deepStorageRoot() {
    return storage.root();
  }

  /** The publications that wait in this deep storage. */
  public UnpublishedRequests unpublished() {
    return unpublished;
  }

  /** A directory on the file system of deep storage, for what is not yet in its place. */
  String stagingDirectory(String run) {
    return root + "/.staging-" + run;
  }

  /**
   * Stores all segments of a publication, which is kept from now on until it is registered. If one
   * cannot be stored, none stays.
   */
  public void store(PublicationRequest request, List<PlannedSegment> planned) {
    List<String> stored = new ArrayList<>();
    try {
      unpublished.keep(request);
      for (PlannedSegment segment : planned) {
        if (!segment.descriptor().tombstone()) {
          store(segment, stored);
        }
      }
    } catch (RuntimeException | Error e) {
      Uninterrupted.run(() -> withdraw(request, stored, e));
      throw e;
    }
  }

  /** What is there already is somebody else's, and is not taken away. */
  private void store(PlannedSegment segment, List<String> stored) {
    String path = segment.descriptor().path();
    if (!storage.exists(path)) {
      stored.add(path);
    }
    if (isLocal(segment.file())) {
      // The store forces the file and its name to the disk.
      String unused = storage.push(localPath(segment.file()), path);
    } else {
      Storage.of(root, configuration).rename(segment.file(), root + "/" + path);
    }
  }

  /** What cannot be deleted neither hides why the run failed nor keeps the rest in its place. */
  private void withdraw(PublicationRequest request, List<String> stored, Throwable failure) {
    List<String> left = new ArrayList<>();
    for (String path : stored) {
      try {
        storage.delete(path);
      } catch (StarfireException e) {
        left.add(path);
        failure.addSuppressed(e);
      }
    }
    try {
      if (left.isEmpty()) {
        unpublished.forget(request.id());
      }
    } catch (StarfireException e) {
      failure.addSuppressed(e);
    }
    if (!left.isEmpty()) {
      progress.line(
          "%s: these segments belong to no publication and cannot be deleted now; 'bin/starfire batch clean --unpublished' deletes them when their file system answers again"
              .formatted(String.join(", ", left)));
    }
  }

  private boolean isLocal(String file) {
    return Storage.of(file, configuration).fileSystem().getUri().getScheme().equals(LOCAL);
  }

  /** A path of Hadoop is not escaped, unlike an URI. */
  private static Path localPath(String path) {
    return Path.of(new org.apache.hadoop.fs.Path(path).toUri().getPath());
  }
}
