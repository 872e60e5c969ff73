package io.starfire.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.Times;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Holds every publication, over HTTP, so that a test can read what was published. */
final class RecordingCoordinator implements AutoCloseable {
  private final List<JsonNode> registrations = new CopyOnWriteArrayList<>();
  private final List<PublicationRequest> publications = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  RecordingCoordinator() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/starfire/v1/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<PublicationRequest> publications() {
    return publications;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/starfire/v1".length());
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Object answer = answer(exchange.getRequestMethod() + " " + path, body);
    byte[] bytes = Json.write(answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Object answer(String request, String body) throws IOException {
    switch (request) {
      case "GET /datasources" -> {
        return registrations;
      }
      case "POST /datasources" -> {
        registrations.add(Json.read(body, JsonNode.class, "a request"));
        return registrations.get(registrations.size() - 1);
      }
      case "POST /versions" -> {
        VersionRequest asked = Json.read(body, VersionRequest.class, "a request");
        long end = asked.intervals().stream().mapToLong(Interval::endMillis).max().orElseThrow();
        return new VersionResponse(Times.format(Math.max(end, asked.runStartMillis())));
      }
      case "POST /publications" -> {
        publications.add(Json.read(body, PublicationRequest.class, "a request"));
        return status(publications.get(publications.size() - 1));
      }
      default -> {
        String id = request.substring(request.lastIndexOf('/') + 1);
        return status(
            publications.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow());
      }
    }
  }

  private static PublicationStatus status(PublicationRequest request) {
    return new PublicationStatus(
        request.id(),
        request.dataSources(),
        request.version(),
        request.intervals(),
        State.STAGED,
        false,
        true,
        "",
        request.segments().size(),
        0,
        1,
        0,
        0,
        0,
        0);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
