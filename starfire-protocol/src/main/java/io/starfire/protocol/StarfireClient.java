package io.starfire.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The client of Starfire's routes. Thread-safe.
 *
 * <p>If the server refuses a request, the StarfireException has the code and the sentence of its
 * {@link ErrorResponse}, and names the address. If there is no answer, the code is UNAVAILABLE if
 * the request was certainly not done, and UNKNOWN_OUTCOME if it may have been done.
 */
public final class StarfireClient {
  private static final String V1 = "starfire/v1/";
  private static final byte[] NO_BODY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(1);
  private static final int SHOWN_CHARACTERS = 200;

  private final URI server;
  private final Exchange exchange;
  private final Credentials credentials;

  /** A client that waits a minute for an answer. */
  public StarfireClient(String url, String setting) {
    this(url, setting, REQUEST_TIMEOUT);
  }

  /** A client with the credentials that the user's file holds for the server. */
  public StarfireClient(String url, String setting, Duration requestTimeout) {
    this(url, setting, requestTimeout, Credentials.ofFile(Credentials.defaultFile(), url));
  }

  /**
   * Makes a client. It does not connect yet.
   *
   * @param url of the server, such as {@code http://127.0.0.1:8888}
   * @param setting where the user gave the url, for messages, such as {@code --server}
   * @param requestTimeout the longest time from the request to the end of the answer
   * @param credentials that it sends with each request
   * @throws StarfireException with INVALID_INPUT if it is not a valid url
   */
  public StarfireClient(
      String url, String setting, Duration requestTimeout, Credentials credentials) {
    this.server = server(requireNonNull(url, "url"), setting);
    this.exchange = new Exchange(setting, requestTimeout);
    this.credentials = requireNonNull(credentials, "credentials");
  }

  private static URI server(String url, String setting) {
    try {
      URI uri = URI.create(url.endsWith("/") ? url : url + "/");
      if (uri.getHost() == null || !("http".equals(uri.getScheme()) || isHttps(uri))) {
        throw new IllegalArgumentException("no scheme or host");
      }
      return uri;
    } catch (IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "%s '%s' is not the address of a server; write it like http://127.0.0.1:8888"
              .formatted(setting, url),
          e);
    }
  }

  private static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme());
  }

  /** Registers a data source, or changes it. */
  public void register(DataSourceRegistration registration) {
    JsonNode unused = post(V1 + "datasources", registration);
  }

  /**
   * Makes sure that the coordinator knows the data source. Does not change a data source that it
   * knows: the schema takes effect when the publication of the run becomes active.
   *
   * @throws StarfireException with CONFLICT if the schema could not take effect
   */
  public void announce(DataSourceSchema schema) {
    for (JsonNode known : get(V1 + "datasources")) {
      DataSourceRegistration registration =
          Json.read(known.toString(), DataSourceRegistration.class, "a data source of " + server);
      if (registration.schema().name().equals(schema.name())) {
        registration.requireSameBuckets(schema);
        return;
      }
    }
    register(new DataSourceRegistration(schema, null));
  }

  /** Asks for the version of a batch run. */
  public VersionResponse version(VersionRequest request) {
    return value(post(V1 + "versions", request), VersionResponse.class);
  }

  /** Registers a publication. Registering the same one again changes nothing. */
  public PublicationStatus publish(PublicationRequest request) {
    return value(post(V1 + "publications", request), PublicationStatus.class);
  }

  /** The publications of a data source, newest first; null means of all. */
  public List<PublicationStatus> publications(String dataSource) {
    String path = V1 + "publications";
    JsonNode all = get(dataSource == null ? path : path + "?dataSource=" + encode(dataSource));
    List<PublicationStatus> publications = new ArrayList<>();
    all.forEach(one -> publications.add(value(one, PublicationStatus.class)));
    return List.copyOf(publications);
  }

  /** Compares, for each bucket, what shows now with what a staged publication would show. */
  public JsonNode preview(String id) {
    return get(V1 + "publications/" + encode(id) + "/preview");
  }

  /**
   * The state of a publication.
   *
   * @throws StarfireException with NOT_FOUND if there is no such publication
   */
  public PublicationStatus publication(String id) {
    return value(get(V1 + "publications/" + encode(id)), PublicationStatus.class);
  }

  /**
   * Activates, aborts or rolls back a publication.
   *
   * @param action {@code activate}, {@code abort} or {@code rollback}
   * @param acceptLoss whether fewer events may be visible afterwards
   */
  public PublicationStatus act(String id, String action, boolean acceptLoss) {
    String path = V1 + "publications/" + encode(id) + "/" + action;
    return value(
        post(acceptLoss ? path + "?acceptLoss=true" : path, NO_BODY), PublicationStatus.class);
  }

  /** Encodes a text as a part of a path or as the value of a parameter. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Sends a GET to any route and returns the answer. */
  public JsonNode get(String path) {
    return json(exchange.send(request(path).GET().build(), BodyHandlers.ofByteArray()));
  }

  /** Sends a POST to any route and returns the answer. */
  public JsonNode post(String path, byte[] json) {
    return json(exchange.send(posting(path, json), BodyHandlers.ofByteArray()));
  }

  private JsonNode post(String path, Object body) {
    return post(path, Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a POST and copies the answer while it arrives. The answer may have any size.
   *
   * @throws StarfireException with UNAVAILABLE if the answer breaks off; what arrived before is in
   *     {@code out}
   */
  public void copy(String path, byte[] json, Writer out) {
    HttpRequest request = posting(path, json);
    HttpResponse<InputStream> response = exchange.send(request, BodyHandlers.ofInputStream());
    try (InputStream bytes = response.body();
        Reader body = new InputStreamReader(bytes, StandardCharsets.UTF_8)) {
      if (!isDone(response)) {
        throw refused(response, bytes.readAllBytes());
      }
      long unused = body.transferTo(out);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the answer of %s broke off and is not whole; the server's log says why"
              .formatted(request.uri()),
          e);
    }
  }

  private HttpRequest posting(String path, byte[] json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(json))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    return credentials.header().isEmpty()
        ? request
        : request.header("Authorization", credentials.header());
  }

  private static <T> T value(JsonNode json, Class<T> type) {
    return Json.read(json.toString(), type, "the answer of the server");
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    if (!isDone(response)) {
      throw refused(response, response.body());
    }
    try {
      return Json.read(text(response.body()), JsonNode.class, "the answer");
    } catch (StarfireException e) {
      throw notStarfire(response, response.body(), e);
    }
  }

  private static boolean isDone(HttpResponse<?> response) {
    return response.statusCode() / 100 == 2;
  }

  /** The error with the code and the sentence of the server. */
  private static StarfireException refused(HttpResponse<?> response, byte[] body) {
    try {
      ErrorResponse error = Json.read(text(body), ErrorResponse.class, "the error");
      if (error != null && error.errorCode() != null && error.errorMessage() != null) {
        return new StarfireException(
            ErrorCode.valueOf(error.errorCode()),
            "%s (%s %s)"
                .formatted(error.errorMessage(), response.request().method(), response.uri()));
      }
      return notStarfire(response, body, null);
    } catch (StarfireException | IllegalArgumentException e) {
      return notStarfire(response, body, e);
    }
  }

  private static StarfireException notStarfire(
      HttpResponse<?> response, byte[] body, RuntimeException cause) {
    String text = text(body).strip();
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "%s %s answered with status %d, and not as Starfire does: '%s'; check that the address is that of a Starfire server"
            .formatted(
                response.request().method(),
                response.uri(),
                response.statusCode(),
                text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) : text),
        cause);
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }
}
