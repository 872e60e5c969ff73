package io.starfire.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.common.StarfireVersion;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A user's own jars: classes that are found there if Starfire itself does not have them. A jar's
 * {@code Class-Path} is followed. Thread-safe.
 */
public final class PipelineJars extends URLClassLoader {
  /** If a jar has this, it has a copy of Starfire, and it would not be clear which one runs. */
  private static final String OF_STARFIRE = "io/starfire/api/Pipeline.class";

  private static final String CLASS = ".class";

  static {
    registerAsParallelCapable();
  }

  private final List<Path> jars;

  private PipelineJars(List<Path> jars, ClassLoader parent) {
    super("pipeline-jars", jars.stream().map(PipelineJars::url).toArray(URL[]::new), parent);
    this.jars = jars;
  }

  /**
   * Opens jars.
   *
   * @param parent has Starfire; its classes win
   * @return the parent itself if there are no jars
   * @throws StarfireException with INVALID_INPUT if a file is no jar, holds Starfire itself, or
   *     says in its manifest that it was built for another version of Starfire
   */
  public static ClassLoader open(List<Path> jars, ClassLoader parent) {
    if (jars.isEmpty()) {
      return parent;
    }
    jars.forEach(PipelineJars::check);
    return new PipelineJars(
        jars.stream().map(jar -> jar.toAbsolutePath().normalize()).toList(), parent);
  }

  /** The jars of a loader; none if it was not made here. */
  public static List<Path> of(ClassLoader loader) {
    return loader instanceof PipelineJars own ? own.jars : List.of();
  }

  /** Completes a sentence that begins with "was not found". */
  static String whereToLook(String className, ClassLoader loader) {
    List<Path> jars = of(loader);
    if (jars.isEmpty()) {
      return "here; check the spelling, and name its jar with --jar";
    }
    String files = String.join(", ", jars.stream().map(Path::toString).toList());
    String simpleName = className.substring(className.lastIndexOf('.') + 1);
    Optional<String> similar =
        jars.stream().flatMap(jar -> classes(jar, simpleName).stream()).findFirst();
    return similar
        .map(found -> "in %s, which has '%s'; correct the name".formatted(files, found))
        .orElse("in %s; check the spelling, and that it is the right jar".formatted(files));
  }

  private static void check(Path jar) {
    if (!Files.isRegularFile(jar)) {
      throw invalid(jar, Files.isDirectory(jar) ? "is a directory; name a jar" : "does not exist");
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      if (file.getJarEntry(OF_STARFIRE) != null) {
        throw invalid(
            jar,
            "has its own copy of Starfire (%s); name a jar of your own classes only. With Maven, give the dependencies on Starfire the scope 'provided'"
                .formatted(OF_STARFIRE));
      }
      String version = version(file.getManifest());
      if (version != null && !version.equals(StarfireVersion.number())) {
        throw invalid(
            jar,
            "was built for Starfire %s (%s in its manifest), and this is Starfire %s; build it again for this version"
                .formatted(version, StarfireVersion.MANIFEST_ATTRIBUTE, StarfireVersion.number()));
      }
    } catch (ZipException e) {
      throw invalid(jar, "is no jar, or is damaged: " + e.getMessage());
    } catch (IOException e) {
      throw invalid(jar, "cannot be read: " + IoFailure.reason(e));
    }
  }

  private static @Nullable String version(@Nullable Manifest manifest) {
    return manifest == null
        ? null
        : manifest.getMainAttributes().getValue(StarfireVersion.MANIFEST_ATTRIBUTE);
  }

  /** The classes of a jar that have this simple name. */
  private static List<String> classes(Path jar, String simpleName) {
    List<String> found = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream()
          .map(entry -> "/" + entry.getName())
          .filter(name -> name.endsWith("/" + simpleName + CLASS))
          .map(name -> name.substring(1, name.length() - CLASS.length()).replace('/', '.'))
          .forEach(found::add);
      return found;
    } catch (IOException e) {
      // It is about a better message for another error.
      return List.of();
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw invalid(jar, "has a name that is no URL: " + e.getMessage());
    }
  }

  private static StarfireException invalid(Path jar, String what) {
    return new StarfireException(ErrorCode.INVALID_INPUT, "jar %s %s".formatted(jar, what));
  }
}
