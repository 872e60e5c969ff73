package io.starfire.cluster;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.common.Granularity;
import io.starfire.jobs.ads.AdEvents;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A pipeline that is in no jar of Starfire, and jars with it. */
public final class OwnImpressions implements Pipeline {
  static final String DATA_SOURCE = "own_impressions";

  /** An impression, as far as it is counted. */
  public record Shown(String impressionId, Instant servedAt, String publisher) {}

  @Override
  public void define(Flow flow) {
    flow.source(AdEvents.IMPRESSIONS, Shown.class)
        .eventTime(Shown::servedAt)
        .identity(Shown::impressionId)
        .filter(shown -> !"test".equals(shown.publisher()))
        .to(
            DataSource.named(DATA_SOURCE, Shown.class)
                .count("impressions")
                .segmentGranularity(Granularity.HOUR)
                .queryGranularity(Granularity.MINUTE));
  }

  /** A jar of a user's classes only. */
  static Path jar(Path jar) throws IOException {
    return write(jar, new Manifest(), List.of());
  }

  /** A job jar of a user's own: the classes, and Starfire's job jar in {@code lib}. */
  static Path jobJar(Path jar, Path ofStarfire) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.starfire.batch.Main");
    return write(jar, manifest, List.of(ofStarfire));
  }

  private static Path write(Path jar, Manifest manifest, List<Path> libraries) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Class<?> type : List.of(OwnImpressions.class, Shown.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
          in.transferTo(out);
        }
      }
      for (Path library : libraries) {
        out.putNextEntry(new JarEntry("lib/" + library.getFileName()));
        Files.copy(library, out);
      }
    }
    return jar;
  }
}
