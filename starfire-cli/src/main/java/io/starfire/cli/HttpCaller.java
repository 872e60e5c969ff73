package io.starfire.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Speaks JSON to a Starfire server. Thread-safe. */
final class HttpCaller {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(5);
  private static final int FIRST_ERROR_STATUS = 400;

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
  private final URI server;

  HttpCaller(String serverUrl) {
    try {
      this.server = URI.create(serverUrl.endsWith("/") ? serverUrl : serverUrl + "/");
      if (server.getScheme() == null || server.getHost() == null) {
        throw new IllegalArgumentException("no scheme or host");
      }
    } catch (IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'%s' is not the address of a server; write it like http://127.0.0.1:8888"
              .formatted(serverUrl),
          e);
    }
  }

  JsonNode get(String path) {
    return call(HttpRequest.newBuilder(server.resolve(path)).GET());
  }

  JsonNode post(String path, byte[] json) {
    return call(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json)));
  }

  /**
   * Posts, and copies the answer as it comes, so that one of any size can be had.
   *
   * @throws StarfireException with UNAVAILABLE if the answer breaks off; what came is in {@code
   *     out}
   */
  void copy(String path, byte[] json, PrintWriter out) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json));
    HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
    try (Reader body = new InputStreamReader(response.body(), StandardCharsets.UTF_8)) {
      if (response.statusCode() >= FIRST_ERROR_STATUS) {
        throw refused(response.statusCode(), mapper.readTree(body));
      }
      long unused = body.transferTo(out);
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      out.println();
      out.flush();
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the answer of %s broke off and is not whole; the server's log says why"
              .formatted(server),
          e);
    }
  }

  private JsonNode call(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
    try {
      JsonNode body = mapper.readTree(response.body());
      if (response.statusCode() >= FIRST_ERROR_STATUS) {
        throw refused(response.statusCode(), body);
      }
      return body;
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  private StarfireException notJson(IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE, "%s did not answer with JSON; is it Starfire?".formatted(server), e);
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) {
    try {
      return client.send(request.timeout(REQUEST_TIMEOUT).build(), handler);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "no Starfire server answers at %s; start one with 'bin/starfire server', or name another with --server"
              .formatted(server),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while waiting for " + server, e);
    }
  }

  private static StarfireException refused(int status, JsonNode body) {
    String message = body.path("errorMessage").asText("HTTP status " + status);
    for (ErrorCode code : ErrorCode.values()) {
      if (code.httpStatus() == status && code.category().equals(body.path("category").asText())) {
        return new StarfireException(code, message);
      }
    }
    return new StarfireException(ErrorCode.UNAVAILABLE, message);
  }
}
