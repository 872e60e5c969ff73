package io.starfire.serving.http;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The console: its page at {@code /}, and the files that the page loads under {@code /console},
 * from the jar. Nothing of it comes from another server. Thread-safe.
 */
public final class ConsoleFiles implements Routes {
  private static final String ROOT = "/io/starfire/serving/console/";

  /** Files of web jars, by the name under which the console loads them. */
  private static final Map<String, WebJarFile> LIBRARIES =
      Map.of("lib/preact.js", new WebJarFile("preact", "dist/preact.module.js"));

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /** Names of files in directories; none leads out of them. */
  private static final Pattern FILE = Pattern.compile("(?:[a-z][a-z-]*/)*[a-z][a-z-]*\\.([a-z]+)");

  private static final int NOT_MODIFIED = 304;

  private final Map<String, ConsoleFile> loaded = new ConcurrentHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
  private record ConsoleFile(byte[] bytes, String type, String tag) {}

  /** A file of a library that Maven brings as a jar. */
  private record WebJarFile(String library, String file) {
    /** The version stands in the path, and in the jar's own description; only the pom says it. */
    String path() throws IOException {
      String description = "/META-INF/maven/org.webjars.npm/%s/pom.properties".formatted(library);
      try (InputStream in = ConsoleFiles.class.getResourceAsStream(description)) {
        if (in == null) {
          throw new IOException("the web jar of %s is not on the class path".formatted(library));
        }
        Properties properties = new Properties();
        properties.load(in);
        return "/META-INF/resources/webjars/%s/%s/%s"
            .formatted(library, properties.getProperty("version"), file);
      }
    }
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.get("/", Access.OPEN, context -> answer(context, "index.html"));
    routes.get("/favicon.ico", Access.OPEN, context -> answer(context, "icon.svg"));
    routes.get(
        "/console/<file>", Access.OPEN, context -> answer(context, context.pathParam("file")));
  }

  private void answer(Context context, String name) {
    ConsoleFile file = loaded.computeIfAbsent(name, ConsoleFiles::load);
    // A browser keeps the file, and asks each time whether it is still the same.
    context.header("Cache-Control", "no-cache").header("ETag", file.tag);
    if (file.tag.equals(context.header("If-None-Match"))) {
      context.status(NOT_MODIFIED);
      return;
    }
    context.contentType(file.type).result(file.bytes);
  }

  private static ConsoleFile load(String name) {
    Matcher parts = FILE.matcher(name);
    String type = parts.matches() ? TYPES.get(parts.group(1)) : null;
    if (type == null) {
      throw new NotFoundResponse();
    }
    WebJarFile library = LIBRARIES.get(name);
    try (InputStream in =
        ConsoleFiles.class.getResourceAsStream(library == null ? ROOT + name : library.path())) {
      if (in == null) {
        throw new NotFoundResponse();
      }
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      return new ConsoleFile(bytes, type, "\"%x-%x\"".formatted(bytes.length, sum.getValue()));
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "the file '%s' of the console cannot be read".formatted(name), e);
    }
  }
}
