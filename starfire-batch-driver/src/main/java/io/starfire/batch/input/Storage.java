package io.starfire.batch.input;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file system that Hadoop reaches, with errors as sentences. A path without a scheme lies on the
 * default file system of the configuration. Thread-safe.
 */
public final class Storage {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
  private static final String LOCAL_FILES = "file:///";

  private final FileSystem fileSystem;

  private Storage(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /**
   * The file system of a path.
   *
   * @throws StarfireException with UNAVAILABLE if it cannot be reached
   */
  public static Storage of(String path, Configuration configuration) {
    try {
      return new Storage(new Path(path).getFileSystem(configuration));
    } catch (IOException | IllegalArgumentException e) {
      throw failed("resolved", path, e);
    }
  }

  /** The path with its scheme, absolute: it means the same in every task. */
  public static String qualified(String path, Configuration configuration) {
    return of(path, configuration).fileSystem.makeQualified(new Path(path)).toString();
  }

  /**
   * A root that other processes of Starfire use too, qualified.
   *
   * @param key of the configuration
   * @throws StarfireException with INVALID_INPUT if it has no scheme where the default file system
   *     is not the local disk: it would be a directory of HDFS here, and of a local disk elsewhere
   */
  public static String root(String key, StarfireConfig config, Configuration configuration) {
    String root = config.string(key);
    String files = configuration.get("fs.defaultFS", LOCAL_FILES);
    if (!files.startsWith("file:") && !SCHEME.matcher(root).matches()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%s is '%s', without a scheme: the cluster takes it as a directory of %s, other processes of Starfire as a directory of their local disk; write the scheme, such as %s/starfire/%s"
              .formatted(
                  key,
                  root,
                  files,
                  files.replaceFirst("/+$", ""),
                  key.contains("archive") ? "archive" : "segments"));
    }
    return qualified(root, configuration);
  }

  public FileSystem fileSystem() {
    return fileSystem;
  }

  public boolean exists(String path) {
    try {
      return fileSystem.exists(new Path(path));
    } catch (IOException e) {
      throw failed("looked for", path, e);
    }
  }

  /** All of a file. */
  public byte[] read(String path) {
    try (InputStream in = fileSystem.open(new Path(path))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  /** Writes a file; what was there is replaced. */
  public void write(String path, byte[] content) {
    try (OutputStream out = fileSystem.create(new Path(path), true)) {
      out.write(content);
    } catch (IOException e) {
      throw failed("written", path, e);
    }
  }

  /** Makes a directory, with those above it. */
  public void makeDirectory(String path) {
    try {
      fileSystem.mkdirs(new Path(path));
    } catch (IOException e) {
      throw failed("made", path, e);
    }
  }

  /** What lies directly in a directory, by name; nothing if there is no such directory. */
  public List<FileStatus> list(String path) {
    try {
      List<FileStatus> found = new ArrayList<>(List.of(fileSystem.listStatus(new Path(path))));
      found.sort(null);
      return found;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("listed", path, e);
    }
  }

  /** A file or directory; empty if there is none. */
  public Optional<FileStatus> file(String path) {
    try {
      return Optional.of(fileSystem.getFileStatus(new Path(path)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("looked for", path, e);
    }
  }

  /**
   * The files that a path or a pattern means. A path that exists is taken as it is, whatever
   * characters are in it: a file itself, of a directory all files in it and below it. Otherwise it
   * is a pattern, in which {@code ?}, {@code *}, {@code [a-c]} and <code>{a,b}</code> stand for
   * parts of names, and a backslash takes their meaning from them. Names that begin with {@code .}
   * or {@code _} are left out in directories and patterns, as everywhere in Hadoop.
   */
  public List<FileStatus> files(String pathOrPattern) {
    try {
      List<FileStatus> files = new ArrayList<>();
      Optional<FileStatus> literal = file(pathOrPattern);
      if (literal.isPresent()) {
        collect(literal.get(), files);
      } else {
        FileStatus[] found = fileSystem.globStatus(new Path(pathOrPattern), Storage::isVisible);
        for (FileStatus status : found == null ? new FileStatus[0] : found) {
          collect(status, files);
        }
      }
      files.sort(null);
      return files;
    } catch (IOException e) {
      throw failed("listed", pathOrPattern, e);
    } catch (IllegalArgumentException e) {
      // Hadoop says so of a pattern that it cannot read, and of a path that is no URI.
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%s is neither a path that exists nor a pattern: %s"
              .formatted(pathOrPattern, HadoopFaults.firstLine(e)),
          e);
    }
  }

  private static boolean isVisible(Path path) {
    String name = path.getName();
    return !name.startsWith(".") && !name.startsWith("_");
  }

  private void collect(FileStatus status, List<FileStatus> files) throws IOException {
    if (status.isFile()) {
      files.add(status);
      return;
    }
    for (FileStatus child : fileSystem.listStatus(status.getPath())) {
      if (isVisible(child.getPath())) {
        collect(child, files);
      }
    }
  }

  /** Deletes a file or directory with all in it; that there is none is no error. */
  public void delete(String path) {
    try {
      fileSystem.delete(new Path(path), true);
    } catch (IOException e) {
      throw failed("deleted", path, e);
    }
  }

  /** Renames to a name that is not taken, making its directory. */
  public void rename(String from, String to) {
    try {
      Path target = new Path(to);
      fileSystem.mkdirs(target.getParent());
      if (fileSystem.exists(target) || !fileSystem.rename(new Path(from), target)) {
        throw new StarfireException(
            ErrorCode.CONFLICT, "%s cannot be renamed to %s, which exists".formatted(from, to));
      }
    } catch (IOException e) {
      throw failed("renamed", from, e);
    }
  }

  /** The sentence for a call of the file system that failed. */
  public static StarfireException failed(String what, String path, Exception e) {
    String subject = "%s cannot be %s".formatted(path, what);
    return HadoopFaults.find(subject, e)
        .orElseGet(
            () ->
                new StarfireException(
                    ErrorCode.UNAVAILABLE,
                    "%s: %s; check that the path is right and its file system can be reached"
                        .formatted(subject, HadoopFaults.firstLine(e)),
                    e));
  }
}
