package io.starfire.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The project of {@code docs/examples/own-pipeline}, copied, compiled and packed elsewhere. */
final class OwnProject {
  static final String PIPELINE = "com.example.Orders";
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "own-pipeline");

  private final Path classes;

  private OwnProject(Path classes) {
    this.classes = classes;
  }

  /** Compiles a copy, with Starfire's classes and nothing else. */
  static OwnProject compiled(Path directory) throws IOException {
    Path source = directory.resolve("Orders.java");
    Files.copy(EXAMPLE.resolve("src/main/java/com/example/Orders.java"), source);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
    return new OwnProject(classes);
  }

  /**
   * Makes a jar of it.
   *
   * @param version what the manifest says of Starfire
   * @param more classes of this process to be put into it
   */
  Path jar(Path jar, String version, Class<?>... more) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Starfire-Version", version);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> all = Files.walk(classes)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        add(out, classes.relativize(each).toString().replace('\\', '/'), Files.readAllBytes(each));
      }
      for (Class<?> type : more) {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
          add(out, name, in.readAllBytes());
        }
      }
    }
    return jar;
  }

  private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }
}
