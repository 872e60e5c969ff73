package io.starfire.batch;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.DeepStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The publications that runs have made and no coordinator has taken yet, as files of deep storage
 * beside their segments. A file is there from before the first segment is in its place until the
 * coordinator has the publication or the run gives it up, so that neither a crash nor a coordinator
 * that is gone loses the work of a run. Thread-safe.
 */
public final class UnpublishedRequests {
  static final String DIRECTORY = "unpublished-runs";
  private static final String SUFFIX = ".json";

  private final DeepStorage storage;
  private final LiveMarks marks;

  UnpublishedRequests(DeepStorage storage, LiveMarks marks) {
    this.storage = storage;
    this.marks = marks;
  }

  /**
   * Marks a publication as being worked on until closed, so that nobody deletes it meanwhile. Begun
   * before it is kept, or before it is looked for.
   */
  public Heartbeat workOn(String id) {
    return marks.begin(id);
  }

  /** Whether a process works on a publication. One that was killed counts for some minutes more. */
  boolean isWorkedOn(String id) {
    return marks.isAlive(id);
  }

  /** Deletes what dead processes have left beside the publications. */
  void deleteDeadMarks() {
    marks.deleteDead();
  }

  /** Keeps a publication; the same one again changes nothing. */
  public void keep(PublicationRequest request) {
    Void unused =
        withTemporaryFile(
            file -> {
              write(file, request);
              String unusedPath = storage.push(file, path(request.id()));
              return null;
            });
  }

  /** The publication with that id, if it is kept. */
  public Optional<PublicationRequest> find(String id) {
    if (!storage.exists(path(id))) {
      return Optional.empty();
    }
    String json =
        withTemporaryFile(
            file -> {
              storage.fetch(path(id), file);
              return read(file);
            });
    return Optional.of(
        Json.read(json, PublicationRequest.class, "the unpublished run '%s'".formatted(id)));
  }

  /** The ids of all that are kept, in order. */
  public List<String> ids() {
    return storage.list(DIRECTORY).stream()
        .filter(name -> name.endsWith(SUFFIX))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
        .toList();
  }

  /** The coordinator has it. */
  public void forget(String id) {
    storage.delete(path(id));
  }

  /** Deletes a publication and its segments, which no coordinator must have. */
  public void delete(PublicationRequest request) {
    for (SegmentDescriptor segment : request.segments()) {
      if (!segment.tombstone()) {
        storage.delete(segment.path());
      }
    }
    forget(request.id());
  }

  private static String path(String id) {
    return DIRECTORY + "/" + id + SUFFIX;
  }

  private static <T> T withTemporaryFile(Function<Path, T> work) {
    try {
      Path file = Files.createTempFile("starfire-unpublished-", SUFFIX);
      try {
        return work.apply(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static void write(Path file, PublicationRequest request) {
    try {
      Files.writeString(file, Json.write(request));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static StarfireException failed(IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "a file in the temporary directory %s cannot be used: %s"
            .formatted(System.getProperty("java.io.tmpdir"), IoFailure.reason(e)),
        e);
  }
}
