package io.starfire.segment.storage;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The location of deep storage. A root without a scheme is a directory of the local disk, relative
 * to the working directory of the process. Immutable.
 *
 * @param root the value of {@code starfire.deep-storage.root}
 * @param properties of the file system's client, by its own names; not used on the local disk
 */
public record DeepStorageLocation(String root, Map<String, String> properties) {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");
  private static final String LOCAL = "file";

  public DeepStorageLocation {
    requireNonNull(root, "root");
    properties = Map.copyOf(properties);
  }

  /** Where the configuration says, with the properties that hold for all clients of Hadoop. */
  public static DeepStorageLocation from(StarfireConfig config) {
    return new DeepStorageLocation(
        config.string("starfire.deep-storage.root"),
        config.properties("starfire.hadoop.properties"));
  }

  /** A directory of the local disk. */
  public static DeepStorageLocation local(Path directory) {
    return new DeepStorageLocation(directory.toAbsolutePath().normalize().toString(), Map.of());
  }

  /**
   * Opens deep storage.
   *
   * @throws StarfireException with UNSUPPORTED if nothing on the class path knows its scheme,
   *     INVALID_INPUT if the root is not a valid address, UNAVAILABLE if it cannot be reached
   */
  public DeepStorage open() {
    String scheme = scheme();
    if (scheme.equals(LOCAL)) {
      return new LocalDeepStorage(localPath());
    }
    for (DeepStorageProvider provider : ServiceLoader.load(DeepStorageProvider.class)) {
      if (provider.knows(scheme)) {
        return provider.open(root, properties);
      }
    }
    throw new StarfireException(
        ErrorCode.UNSUPPORTED,
        "starfire.deep-storage.root is '%s', and nothing on the class path reaches a file system of kind '%s'; use a local directory or an address that Hadoop knows, such as hdfs://namenode:8020/starfire/segments"
            .formatted(root, scheme));
  }

  /** The root with its scheme, as a path of Hadoop: nothing in it is escaped, unlike in an URI. */
  public String qualifiedRoot() {
    return scheme().equals(LOCAL) ? "file://" + localPath() : root;
  }

  private String scheme() {
    Matcher matcher = SCHEME.matcher(root);
    return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : LOCAL;
  }

  private Path localPath() {
    try {
      Path path = root.startsWith(LOCAL + ":") ? Path.of(URI.create(root)) : Path.of(root);
      return path.toAbsolutePath().normalize();
    } catch (IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.deep-storage.root '%s' is no directory of the local disk: %s; write it like /data/segments or file:///data/segments"
              .formatted(root, e.getMessage()),
          e);
    }
  }
}
