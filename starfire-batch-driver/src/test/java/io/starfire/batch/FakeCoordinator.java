package io.starfire.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.starfire.batch.base.BatchJson;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers the coordinator's routes over real HTTP and remembers what it was asked. A publication
 * turns at the second look at it, unless it is held.
 */
public final class FakeCoordinator implements AutoCloseable {
  public final List<String> requests = new CopyOnWriteArrayList<>();
  public final List<JsonNode> registrations = new CopyOnWriteArrayList<>();
  public final List<VersionRequest> versionRequests = new CopyOnWriteArrayList<>();
  public final List<PublicationRequest> publications = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> looks = new ConcurrentHashMap<>();
  private final HttpServer server;

  public FakeCoordinator() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/starfire/v1/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/starfire/v1".length());
    requests.add(exchange.getRequestMethod() + " " + path);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String answer = BatchJson.write(answer(exchange.getRequestMethod() + " " + path, body));
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Object answer(String request, String body) {
    if (request.equals("GET /datasources")) {
      return registrations;
    }
    if (request.equals("POST /datasources")) {
      JsonNode registration = tree(body);
      registrations.add(registration);
      return registration;
    }
    if (request.equals("POST /versions")) {
      VersionRequest asked = BatchJson.read(body, VersionRequest.class);
      versionRequests.add(asked);
      long end = asked.intervals().stream().mapToLong(Interval::endMillis).max().orElseThrow();
      long version = Math.max(end, asked.runStartMillis()) + versionRequests.size();
      return new VersionResponse(Times.format(version));
    }
    if (request.equals("POST /publications")) {
      publications.add(BatchJson.read(body, PublicationRequest.class));
      return status("publication-" + (publications.size() - 1));
    }
    return status(request.substring(request.lastIndexOf('/') + 1));
  }

  private PublicationStatus status(String id) {
    PublicationRequest request =
        publications.get(Integer.parseInt(id.substring(id.indexOf('-') + 1)));
    boolean turned = looks.merge(id, 1, Integer::sum) > 2 && !request.hold();
    int segments = request.segments().size();
    return new PublicationStatus(
        id,
        request.dataSource(),
        request.version(),
        request.intervals(),
        turned ? State.ACTIVE : State.STAGED,
        false,
        request.hold(),
        "",
        segments,
        turned ? segments : 0,
        1,
        turned ? 2 : 0,
        turned ? 7 : 0,
        0,
        0);
  }

  private static JsonNode tree(String json) {
    try {
      return BatchJson.MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
