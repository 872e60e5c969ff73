package io.starfire.benchmarks.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.benchmarks.peers.Peer.UnsupportedQueryException;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Python process with ClickHouse in it ({@code benchmarks/chdb_peer.py}), which measures the time
 * of a query itself. Both of its tables are peers. One thread.
 */
final class ChdbProcess implements AutoCloseable {
  private static final String MARK = "@@ ";
  private static final long STOP_SECONDS = 20;

  private final JsonMapper mapper = JsonMapper.builder().build();
  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  private ChdbProcess(Process process) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Whether a Python has chdb.
   *
   * @param python its command
   */
  static boolean isThere(String python) {
    try {
      Process asked =
          new ProcessBuilder(python, "-c", "import chdb")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return asked.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted", e);
    }
  }

  /**
   * Starts it, and loads the tables if they are not there.
   *
   * @param database a directory
   * @param lines of TPC-H's lineitem, with {@code |} between the fields
   */
  static ChdbProcess start(String python, Path database, Path lines, int threads) {
    Path script = Path.of(System.getProperty("starfire.home"), "benchmarks", "chdb_peer.py");
    try {
      ChdbProcess started =
          new ChdbProcess(
              new ProcessBuilder(
                      python,
                      script.toString(),
                      database.toAbsolutePath().toString(),
                      lines.toAbsolutePath().toString(),
                      Integer.toString(threads))
                  .redirectError(ProcessBuilder.Redirect.INHERIT)
                  .start());
      String unused = started.line();
      return started;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The peers that its two tables are. */
  List<Peer> peers() {
    return List.of(
        new Table(this, "chdb", "lineitem_string"), new Table(this, "chdb-low", "lineitem_low"));
  }

  private JsonNode ask(String table, PeerQuery query) {
    if (query.chdb().isEmpty()) {
      throw new UnsupportedQueryException("ClickHouse has nothing of the kind");
    }
    try {
      input.write(table + "\t" + query.chdb() + "\n");
      input.flush();
      JsonNode answer = mapper.readTree(line());
      if (answer.has("error")) {
        throw new UnsupportedQueryException(answer.get("error").asText());
      }
      return answer;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private String line() throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(MARK)) {
        return line.substring(MARK.length());
      }
    }
    throw new IOException("it ended");
  }

  private static StarfireException failed(IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE, "chdb does not answer: " + e.getMessage(), e);
  }

  /** Ends its input, upon which it stops. */
  @Override
  public void close() {
    try {
      input.close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** One of its tables; closing the first of them closes the process. */
  private record Table(ChdbProcess process, String name, String table) implements Peer {
    @Override
    public String family() {
      return "chdb";
    }

    @Override
    public long time(PeerQuery query) {
      return process.ask(table, query).get("nanos").asLong();
    }

    @Override
    public List<List<Object>> answer(PeerQuery query) {
      List<List<Object>> rows = new ArrayList<>();
      for (JsonNode row : process.ask(table, query).get("rows")) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < query.compare().size(); i++) {
          JsonNode value = row.get(i);
          values.add(value.isNumber() ? (Object) value.doubleValue() : value.asText());
        }
        rows.add(values);
      }
      return rows;
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
