package io.starfire.benchmarks.peers;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A question that all peers are asked, as a file of {@code benchmarks/queries}. Immutable.
 *
 * @param name of the file
 * @param order place in the table
 * @param what the question, in words
 * @param notes by peer, what is different about its answer or its work
 * @param compare columns of the native answer, in the order of the first columns of the SQL answer;
 *     empty if the answers need not agree
 * @param sql for DuckDB; empty if it has nothing of the kind
 * @param chdb the same for ClickHouse, whose functions have other names
 * @param nativeQuery without data source
 */
record PeerQuery(
    String name,
    int order,
    String what,
    Map<String, String> notes,
    List<String> compare,
    String sql,
    String chdb,
    ObjectNode nativeQuery) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final String SUFFIX = ".json";

  /** No peer may answer from a cache, and none is cut off early. */
  private static final Map<String, Object> CONTEXT =
      Map.of(
          "useCache", false,
          "populateCache", false,
          "useResultLevelCache", false,
          "populateResultLevelCache", false,
          "timeout", 120_000);

  private record File(
      @JsonProperty(value = "order", required = true) int order,
      @JsonProperty(value = "what", required = true) String what,
      @JsonProperty("notes") Map<String, String> notes,
      @JsonProperty(value = "compare", required = true) List<String> compare,
      @JsonProperty(value = "sql", required = true) String sql,
      @JsonProperty("chdb") String chdb,
      @JsonProperty(value = "native", required = true) ObjectNode nativeQuery) {}

  /** The one that is given, or that of the project. */
  static Path directory(@Nullable Path given) {
    return given == null
        ? Path.of(System.getProperty("starfire.home"), "benchmarks", "queries")
        : given;
  }

  /** The queries of a directory, in the order of the table. */
  static List<PeerQuery> readAll(Path directory) {
    List<PeerQuery> queries = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).toList()) {
        queries.add(read(file));
      }
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the queries in %s cannot be read: %s".formatted(directory, e.getMessage()),
          e);
    }
    queries.sort(Comparator.comparingInt(PeerQuery::order));
    return queries;
  }

  private static PeerQuery read(Path path) throws IOException {
    String fileName = path.getFileName().toString();
    File file = MAPPER.readValue(path.toFile(), File.class);
    return new PeerQuery(
        fileName.substring(0, fileName.length() - SUFFIX.length()),
        file.order(),
        file.what(),
        file.notes() == null ? Map.of() : file.notes(),
        file.compare(),
        file.sql(),
        file.chdb() == null ? file.sql() : file.chdb(),
        file.nativeQuery());
  }

  /** The body of the request. */
  String nativeJson(String dataSource) {
    ObjectNode query = nativeQuery.deepCopy();
    query.put("dataSource", dataSource);
    ObjectNode context = query.withObject("context");
    CONTEXT.forEach((key, value) -> context.set(key, MAPPER.valueToTree(value)));
    return query.toString();
  }

  /** Whether a peer's answer need not be that of the others. */
  boolean isApproximate(String peer) {
    return notes.getOrDefault(peer, "").startsWith("approximate");
  }
}
