package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.segment.ingest.FileInput;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The files of a run, in order.
 *
 * @param files regular files
 * @param bytes of all of them, as they are on the disk
 */
record InputFiles(List<Path> files, long bytes) {
  InputFiles {
    files = List.copyOf(files);
  }

  /**
   * The named files, and all files in and below named directories by name; names that begin with
   * {@code .} or {@code _} are left out of directories.
   *
   * @throws StarfireException with NOT_FOUND if one does not exist, INVALID_INPUT if there is none
   */
  static InputFiles of(List<Path> named) {
    return found(named, name -> true, named.toString());
  }

  /** The files of a spec's input source. Errors as of {@link #of(List)}. */
  static InputFiles of(FileInput source) {
    if (source.baseDirectory().isPresent()) {
      String directory = source.baseDirectory().get();
      return found(
          List.of(Path.of(directory)),
          matcher(source.filter()),
          "directory %s whose names match '%s'".formatted(directory, source.filter()));
    }
    if (source.files().isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "name the files to index: the spec has no ioConfig.inputSource either");
    }
    return of(source.files().stream().map(Path::of).toList());
  }

  private static PathMatcher matcher(String filter) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + filter);
    } catch (PatternSyntaxException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "ioConfig.inputSource.filter '%s' is no pattern of file names; write it like *.csv"
              .formatted(filter),
          e);
    }
  }

  private static InputFiles found(List<Path> named, PathMatcher names, String where) {
    List<Path> files = new ArrayList<>();
    long bytes = 0;
    try {
      for (Path path : named) {
        collect(path, names, files);
      }
      for (Path file : files) {
        bytes += Files.size(file);
      }
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the input cannot be listed: %s".formatted(IoFailure.reason(e)),
          e);
    }
    if (files.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "there are no files in %s".formatted(where));
    }
    return new InputFiles(withoutRepeats(files), bytes);
  }

  private static List<Path> withoutRepeats(List<Path> files) {
    Set<Path> seen = new java.util.HashSet<>();
    for (Path file : files) {
      if (!seen.add(file.toAbsolutePath().normalize())) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "file %s is named twice, and its rows would count twice".formatted(file));
      }
    }
    return files;
  }

  private static void collect(Path path, PathMatcher names, List<Path> files) throws IOException {
    if (Files.isRegularFile(path)) {
      files.add(path);
      return;
    }
    if (!Files.isDirectory(path)) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "there is no file %s; check the path, which is on this machine".formatted(path));
    }
    try (Stream<Path> children = Files.list(path)) {
      for (Path child : children.sorted().toList()) {
        String name = child.getFileName().toString();
        boolean hidden = name.startsWith(".") || name.startsWith("_");
        if (!hidden && (Files.isDirectory(child) || names.matches(child.getFileName()))) {
          collect(child, names, files);
        }
      }
    }
  }
}
