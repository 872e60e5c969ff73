package io.starfire.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.util.VersionInfo;

/**
 * A Hadoop installation: a directory with the jars that Hadoop's daemons and {@code hadoop jar}
 * have on their class path, as links to where Maven keeps them.
 *
 * @param lib the directory
 */
record HadoopDistribution(Path lib) {
  /** Makes one. */
  static HadoopDistribution in(Path directory) throws IOException {
    Path list = Path.of(property("starfire.cluster.hadoopClassPathFile"));
    if (!Files.exists(list)) {
      throw new IllegalStateException(
          "%s is missing; run the tests with 'mvn verify -pl cluster-test -am'".formatted(list));
    }
    List<String> jars = List.of(Files.readString(list).strip().split(File.pathSeparator, -1));
    String common = "hadoop-common-" + VersionInfo.getVersion() + ".jar";
    if (jars.stream().noneMatch(jar -> jar.endsWith(common))) {
      throw new IllegalStateException(
          "the daemons have no %s; hadoop.version in cluster-test/hadoop/pom.xml and in the root pom.xml differ"
              .formatted(common));
    }
    Path lib = Files.createDirectories(directory.resolve("lib"));
    for (String jar : jars) {
      Path from = Path.of(jar);
      Files.createSymbolicLink(lib.resolve(from.getFileName()), from);
    }
    return new HadoopDistribution(lib);
  }

  /** The fat jar for {@code hadoop jar}. */
  static Path jobJar() {
    Path jar = Path.of(property("starfire.cluster.jobJar")).normalize();
    if (!Files.exists(jar)) {
      throw new IllegalStateException(
          "%s is missing; run the tests with 'mvn verify -pl cluster-test -am'".formatted(jar));
    }
    return jar;
  }

  /** The root of the repository, which is the home of {@code bin/starfire}. */
  static Path home() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** A new directory for one cluster, in the build's own; what an earlier build left is deleted. */
  static Path clusterDirectory(String name) {
    Path directory = Path.of(property("starfire.cluster.directory")).resolve(name);
    try {
      Directories.delete(directory);
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set; the pom.xml of cluster-test does that");
    }
    return value;
  }
}
